using Im.Actors.Connections;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Policies;
using Im.Actors.Sessions.Revocations;
using Im.Node.Auth;
using Im.Tests.Auth;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Im.Tests.Support;

/// <summary>The actors of a node that asks for tokens, with a clock of the test's own. App 102 lets a user be there once per platform and refuses the newcomer.</summary>
public sealed class JwtNodeFixture : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Jwt.Now);
    private readonly SwitchedKeys _keys = new();
    private RevocationTable _revocations = null!;

    internal ActorNode Node { get; private set; } = null!;

    internal MemoryStore Store { get; } = new();

    internal FakeTimeProvider Time => _time;

    internal long Seconds => _time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>True: no key can be had.</summary>
    internal bool KeysAreGone
    {
        set => _keys.AreGone = value;
    }

    /// <summary>True: keys take until <see cref="ReleaseKeys"/>.</summary>
    internal bool KeysAreSlow
    {
        set => _keys.Wait = value ? new TaskCompletionSource() : null;
    }

    public async Task InitializeAsync()
    {
        _revocations = new RevocationTable(_time, Jwt.MaxLifetime);
        var identity = new IdentityServices
        {
            Tokens = new TokenValidator(_keys, TimeSpan.FromSeconds(30), Jwt.MaxLifetime, _time),
            Revocations = _revocations,
            Gate = new LoginGate(new LoginGateSettings(), _time),
            Devices = new DevicePolicies(new Dictionary<uint, DevicePolicy> { [102] = new(DeviceRule.Platform, ConflictRule.Refuse) }),
        };
        var limits = new ConnectionLimits { HeartbeatTimeoutMs = int.MaxValue, SilenceTimeoutMs = int.MaxValue };
        Node = await ActorNode.StartAsync(limits, store: Store, identity: identity, time: _time);
    }

    public async Task DisposeAsync() => await Node.DisposeAsync();

    internal void ReleaseKeys() => _keys.Wait!.SetResult();

    /// <summary>The node has read the revocations since the clock was moved.</summary>
    internal Task ReadyAsync() => Until.TrueAsync(() => _revocations.IsCurrent);

    /// <summary>A good token that ends in so many seconds.</summary>
    internal string Token(string user, int seconds = 3600, string more = "") => Jwt.Of(user, Seconds + seconds, $",\"iat\":{Seconds}{more}");

    /// <summary>Sends a level 2 login with this token; the device is <c>device-</c> and the client's number.</summary>
    internal async Task<MemoryClient> SendLoginAsync(string token, string more = "", uint app = 101, string device = "device-1", string platform = "web")
    {
        await ReadyAsync();
        var client = Node.Connect();
        client.Send("login", "login", $$"""{"v":2,"appId":{{app}},"serviceToken":"{{token}}","device":"{{device}}","platform":"{{platform}}"{{more}}}""");
        return client;
    }

    internal async Task<MemoryClient> LoginAsync(string user, string? token = null, uint app = 101, string device = "device-1", string platform = "web")
    {
        var client = await SendLoginAsync(token ?? Token(user), "", app, device, platform);
        var reply = await client.NextAsync(message => message.Seq == "login");
        return reply.Code == 200 ? client : throw new InvalidOperationException(reply.Text);
    }

    private sealed class SwitchedKeys : ITokenKeys
    {
        private readonly SymmetricKeys _keys = new([Jwt.Key], new TokenAudience(null, null));

        public volatile bool AreGone;

        public volatile TaskCompletionSource? Wait;

        public IReadOnlyList<string> Algorithms => _keys.Algorithms;

        public async ValueTask<KeyAnswer> FindAsync(string? keyId)
        {
            if (Wait is { } wait) await wait.Task;
            return AreGone ? new KeyAnswer(false, null) : await _keys.FindAsync(keyId);
        }
    }
}

/// <summary>The classes that share a node that asks for tokens; one after the other, since they move its clock.</summary>
[CollectionDefinition(Name)]
public sealed class JwtNodeTests : ICollectionFixture<JwtNodeFixture>
{
    public const string Name = "jwt node";
}
