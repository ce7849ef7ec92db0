namespace Im.Cli.Certs;

/// <summary>What the user can mend, in one line.</summary>
internal sealed class CertsException(string message) : Exception(message);
