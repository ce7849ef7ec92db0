using Im.Protocol;

namespace Im.Client;

/// <summary>What the connection of an <see cref="ImChatClient"/> is doing.</summary>
public enum ImClientState
{
    /// <summary>Not started, or on the way to the first login.</summary>
    Connecting,

    /// <summary>Logged in.</summary>
    Online,

    /// <summary>It was online before, and an attempt is under way.</summary>
    Reconnecting,

    /// <summary>Waits for the next attempt.</summary>
    Offline,

    /// <summary>Will not connect again: disposed, logged out, or the server said so. See <see cref="ImStateChange.Reason"/>.</summary>
    Stopped,
}

/// <summary>A change of state.</summary>
/// <param name="State">The state from now on.</param>
/// <param name="CloseCode">The WebSocket close code that led here, when there was one (see <see cref="Im.Protocol.CloseCode"/>).</param>
/// <param name="Code">The reply code of a refused login, when there was one.</param>
/// <param name="Reason">One line for a log.</param>
public sealed record ImStateChange(ImClientState State, int? CloseCode, ReplyCode? Code, string? Reason);
