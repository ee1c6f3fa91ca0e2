"""What we told whom: e-mail, text message and letter through one port, with a log and a way to leave."""
