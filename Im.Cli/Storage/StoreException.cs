namespace Im.Cli.Storage;

/// <summary>What the operator has to be told, in one line.</summary>
internal sealed class StoreException(string message) : Exception(message);
