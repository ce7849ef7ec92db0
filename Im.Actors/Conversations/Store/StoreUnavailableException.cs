namespace Im.Actors.Conversations.Store;

/// <summary>The store cannot take a write now; nothing was stored, or it is not known.</summary>
public sealed class StoreUnavailableException(string message) : Exception(message);
