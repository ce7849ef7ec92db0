using Im.Tests.Support;
using Microsoft.Playwright;

namespace Im.Tests.Browser;

/// <summary>How a guest comes to the page.</summary>
internal sealed record GuestOptions
{
    public static readonly ViewportSize Desktop = new() { Width = 1280, Height = 800 };
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    public string Locale { get; init; } = "en-GB";

    public ViewportSize Viewport { get; init; } = Desktop;

    public ColorScheme ColorScheme { get; init; } = ColorScheme.Light;

    /// <summary>A room to enter besides the lobby; tests that count what they see take one of their own.</summary>
    public string? Room { get; init; }

    /// <summary>The path and query, when the test is about them.</summary>
    public string? Path { get; init; }

    /// <summary>The page's WebSocket goes through this relay.</summary>
    public TcpRelay? Relay { get; init; }

    /// <summary>The page's WebSocket ends at this server instead of the node.</summary>
    public ScriptedServer? Script { get; init; }

    /// <summary>With <see cref="Script"/>: what <c>/config.json</c> says of the node's authentication.</summary>
    public string Mode { get; init; } = "guest";

    /// <summary>The guest's name; absent: the page makes one up.</summary>
    public string? Name { get; init; }

    /// <summary>Wait until the guest is in the room.</summary>
    public bool Online { get; init; } = true;

    public bool IsPhone => Viewport.Width < 768;

    public static string NewRoom() => $"t-{Guid.NewGuid().ToString("N")[..8]}";
}
