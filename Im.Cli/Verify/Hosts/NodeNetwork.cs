using System.Globalization;
using Im.Cli.Bench;
using Im.Cli.Text;

namespace Im.Cli.Verify.Hosts;

/// <summary>
/// A network namespace for each node, joined by veth pairs to a bridge of this machine, so that the links between nodes can be cut one
/// direction at a time while clients, the door and the database still reach every node. Needs root. Made and removed here.
/// </summary>
internal sealed class NodeNetwork : IAsyncDisposable
{
    /// <summary>Nobody has this address: frames to it reach no one, and the sender is told nothing, as on a dead link.</summary>
    private const string Nowhere = "02:00:00:00:00:fe";

    private static int _made;

    private readonly string _name;
    private readonly int _subnet;
    private readonly int _count;

    private NodeNetwork(string name, int subnet, int count)
    {
        _name = name;
        _subnet = subnet;
        _count = count;
    }

    /// <summary>Why there can be none here, or null.</summary>
    public static string? WhyNot => Environment.UserName == "root" ? null : Say.It("network namespaces need root", "网络命名空间需要 root 权限");

    /// <summary>This machine's address in the network.</summary>
    public string HostAddress => Address(254);

    /// <exception cref="BenchException">The machine refuses.</exception>
    public static async Task<NodeNetwork> CreateAsync(int count)
    {
        // The process id keeps runs apart, in names and in addresses; the number those of one process, since the kernel takes a network
        // down some time after it was told to.
        var number = Interlocked.Increment(ref _made);
        var network = new NodeNetwork(string.Create(CultureInfo.InvariantCulture, $"im{Environment.ProcessId % 10_000}{(char)('a' + number % 26)}"), (Environment.ProcessId + number * 7) % 250, count);
        try
        {
            await network.BuildAsync();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public string AddressOf(int node) => Address(node + 1);

    /// <summary>By it a node is reached where its first address is diverted.</summary>
    public string SecondAddressOf(int node) => Address(node + 101);

    /// <summary>As <c>ip netns</c> has it.</summary>
    public string NameOf(int node) => string.Create(CultureInfo.InvariantCulture, $"{_name}-{node + 1}");

    /// <summary>What has to stand before a command so that it runs inside of a node's namespace, as the same process.</summary>
    public IReadOnlyList<string> Inside(int node) => [HostPrograms.Ip, "netns", "exec", NameOf(node)];

    /// <summary>From now on nothing that one node sends reaches the other; the other way is not touched. Idempotent.</summary>
    public Task CutAsync(int from, int to) => IpInAsync(from, "neigh", "replace", AddressOf(to), "lladdr", Nowhere, "dev", "eth0", "nud", "permanent");

    /// <summary>Undoes <see cref="CutAsync"/>.</summary>
    public Task HealAsync(int from, int to) => HostCommand.TryAsync([HostPrograms.Ip, "-n", NameOf(from), "neigh", "del", AddressOf(to), "dev", "eth0"]);

    /// <summary>Cuts both directions between each node of one side and each of the other.</summary>
    public async Task PartAsync(IReadOnlyList<int> one, IReadOnlyList<int> other)
    {
        foreach (var (a, b) in one.SelectMany(a => other.Select(b => (a, b))))
        {
            await CutAsync(a, b);
            await CutAsync(b, a);
        }
    }

    /// <summary>All links are whole again.</summary>
    public async Task HealAsync()
    {
        for (var from = 0; from < _count; from++)
        {
            for (var to = 0; to < _count; to++) if (to != from) await HealAsync(from, to);
        }
    }

    /// <summary>What a node sends to another's first address comes back to itself, where somebody else may listen.</summary>
    public Task DivertAsync(int node, int to) => IpInAsync(node, "addr", "add", $"{AddressOf(to)}/32", "dev", "lo");

    /// <summary>Undoes <see cref="DivertAsync"/>.</summary>
    public Task RestoreAsync(int node, int to) => HostCommand.TryAsync([HostPrograms.Ip, "-n", NameOf(node), "addr", "del", $"{AddressOf(to)}/32", "dev", "lo"]);

    public async ValueTask DisposeAsync()
    {
        for (var node = 0; node < _count; node++)
        {
            await HostCommand.TryAsync(HostPrograms.Ip, "link", "del", OutsideOf(node));
            await HostCommand.TryAsync(HostPrograms.Ip, "netns", "del", NameOf(node));
        }
        await HostCommand.TryAsync(HostPrograms.Ip, "link", "del", Bridge);
    }

    private string Bridge => $"{_name}b";

    /// <summary>The end of a node's cable on this machine.</summary>
    private string OutsideOf(int node) => string.Create(CultureInfo.InvariantCulture, $"{_name}v{node + 1}");

    private string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"10.213.{_subnet}.{host}");

    private async Task BuildAsync()
    {
        await IpAsync("link", "add", Bridge, "type", "bridge");
        await IpAsync("addr", "add", $"{HostAddress}/24", "dev", Bridge);
        await IpAsync("link", "set", Bridge, "up");
        for (var node = 0; node < _count; node++)
        {
            await IpAsync("netns", "add", NameOf(node));
            await IpAsync("link", "add", OutsideOf(node), "type", "veth", "peer", "name", "eth0", "netns", NameOf(node));
            await IpAsync("link", "set", OutsideOf(node), "master", Bridge, "up");
            await IpInAsync(node, "addr", "add", $"{AddressOf(node)}/24", "dev", "eth0");
            await IpInAsync(node, "addr", "add", $"{SecondAddressOf(node)}/24", "dev", "eth0");
            await IpInAsync(node, "link", "set", "eth0", "up");
            await IpInAsync(node, "link", "set", "lo", "up");
        }
    }

    private static Task IpAsync(params string[] arguments) => HostCommand.RunAsync([HostPrograms.Ip, .. arguments]);

    private Task IpInAsync(int node, params string[] arguments) => HostCommand.RunAsync([HostPrograms.Ip, "-n", NameOf(node), .. arguments]);
}
