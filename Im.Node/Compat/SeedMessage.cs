namespace Im.Node.Compat;

/// <summary>A message as a caller of the seed's API hands it in, unchecked.</summary>
/// <param name="User">Who gets it, or of a message to everyone: who sent it.</param>
/// <param name="Seq">The caller's msgId; empty takes the message's own id.</param>
/// <param name="Cmd">The push's command; empty means <c>msg</c>.</param>
/// <param name="Once">True: the same <paramref name="Seq"/> again is not sent again.</param>
internal sealed record SeedMessage(uint App, string User, string Seq, string Cmd, string Text, bool Once);
