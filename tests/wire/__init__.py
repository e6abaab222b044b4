"""A simulated Discord on real sockets, for a bot that runs in a process of its own.

    async with WireDiscord() as discord, BotProcess(discord, tmp_path) as bot:
        guild = discord.create_guild("Drama Club")
        channel = discord.create_text_channel(guild, "general")
        member = discord.add_member(guild, "mina")
        await bot.connected()
        answer = await discord.slash(member, channel, "whois", name="Taecyeon")
        discord.faults.add("POST", "/channels/*/messages", faults.lose_reply(), times=1)
        bot.kill()
        bot.start()

`fake_discord.py` combines the parts: `rest.py` and `gateway.py` serve the sockets, `routes.py` and
`sessions.py` implement what is behind them, `limits.py` and `faults.py` come in between;
`interactions.py` and `answers.py` act for members; `process.py` runs the bot. Discord's state and
payloads are simcord's.
"""
