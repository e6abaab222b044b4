"""A simulated Discord on real sockets, for a bot that runs as a process of its own.

    async with WireDiscord() as discord, BotProcess(discord, tmp_path) as bot:
        guild = discord.create_guild("Drama Club")
        channel = discord.create_text_channel(guild, "general")
        member = discord.add_member(guild, "mina")
        await bot.connected()
        answer = await discord.slash(member, channel, "whois", name="Taecyeon")
        discord.faults.add("POST", "/channels/*/messages", faults.lose_reply(), times=1)
        bot.kill()
        bot.start()

`discord.py` puts the parts together: `rest.py` and `gateway.py` are the sockets, `routes.py` and
`sessions.py` what is behind them, `limits.py` and `faults.py` what stands between; `asking.py` and
`answers.py` are the members; `process.py` is the bot. What Discord remembers, and the shape of
what it says, is simcord's.
"""
