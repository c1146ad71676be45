"""Every state of a panel as text that one player, player.js, shows: live in JupyterLab and in a
handout.
"""
