using System.Net;
using Xunit;

namespace Im.Tests.Browser;

/// <summary>The node that serves the page under test, in guest mode on loopback.</summary>
internal interface IChatNode : IAsyncLifetime
{
    /// <summary>Where the page is, such as <c>http://127.0.0.1:8080/</c>.</summary>
    Uri Page { get; }

    /// <summary>The WebSocket listener, for a relay in front of it.</summary>
    IPEndPoint WebSocket { get; }
}
