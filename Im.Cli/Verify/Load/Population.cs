using System.Globalization;
using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Load;

/// <summary>
/// Users, their devices and where they talk: every user is in two rooms, in some groups and in a one-to-one conversation with each neighbour, and has an
/// inbox. The first device of a user sends, the others only read.
/// </summary>
internal sealed class Population : IAsyncDisposable
{
    private const int RoomCount = 4;
    private const int GroupCount = 5;
    private const int GroupSize = 8;

    private readonly string _run;
    private readonly List<VerifyDevice> _devices = [];
    private readonly List<string>[] _places;

    public Population(Uri url, VerifyPlan plan, string run, FactBook book)
    {
        _run = run;
        UserCount = plan.Senders;
        for (var i = 0; i < plan.Devices; i++)
        {
            var user = i % plan.Senders;
            _devices.Add(new VerifyDevice(url, plan.App, UserOf(user), $"{run}-{user}-{i / plan.Senders}", book));
        }
        _places = [.. Enumerable.Range(0, UserCount).Select(_ => new List<string>())];
    }

    public int UserCount { get; }

    public IReadOnlyList<VerifyDevice> Devices => _devices;

    public IReadOnlyList<VerifyDevice> Senders => _devices[..UserCount];

    public IReadOnlyList<string> Groups => [.. Enumerable.Range(0, Math.Min(GroupCount, UserCount)).Select(group => $"g:{_run}-{group}")];

    public IReadOnlyList<string> Rooms => [.. Enumerable.Range(0, RoomCount).Select(room => $"r:{_run}-{room}")];

    public IReadOnlyList<string> Users => [.. Enumerable.Range(0, UserCount).Select(UserOf)];

    /// <summary>Where a user's sender writes; the sets of groups change, so some of it is refused.</summary>
    public IReadOnlyList<string> PlacesOf(int user) => _places[user];

    /// <summary>Who made a group and stays in it.</summary>
    public VerifyDevice OwnerOf(int group) => _devices[group * 3 % UserCount];

    /// <summary>Users of a group besides its owner, when it is made.</summary>
    public IReadOnlyList<string> FirstMembersOf(int group) =>
        [.. Enumerable.Range(1, Math.Min(GroupSize, UserCount - 1)).Select(i => UserOf((group * 3 + i) % UserCount))];

    /// <summary>Connects everybody, enters the rooms and makes the groups.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var device in _devices) await device.Client.StartAsync(cancellation);
        foreach (var device in _devices) await device.Client.WaitUntilOnlineAsync(cancellation).WaitAsync(TimeSpan.FromSeconds(60), cancellation);
        for (var i = 0; i < _devices.Count; i++)
        {
            foreach (var room in RoomsOf(i % UserCount)) await _devices[i].Client.JoinAsync(room, cancellation);
        }
        for (var group = 0; group < Groups.Count; group++)
        {
            var members = FirstMembersOf(group);
            await OwnerOf(group).Client.CreateGroupAsync($"group {group}", members, Groups[group], cancellation: cancellation);
            foreach (var user in members.Append(OwnerOf(group).User)) _places[Users.Index().First(entry => entry.Item == user).Index].Add(Groups[group]);
        }
        for (var user = 0; user < UserCount; user++)
        {
            _places[user].AddRange(RoomsOf(user));
            if (UserCount > 1) _places[user].Add(PairOf(user, (user + 1) % UserCount));
            if (UserCount > 2) _places[user].Add(PairOf((user + UserCount - 1) % UserCount, user));
        }
    }

    /// <summary>Has so many of the devices that only read take their records slowly, the last first.</summary>
    public IReadOnlyList<VerifyDevice> SlowDown(int count)
    {
        var slow = _devices.Skip(UserCount).TakeLast(count).ToList();
        foreach (var device in slow) device.IsSlow = device.Facts.IsSlow = true;
        return slow;
    }

    public IEnumerable<string> RoomsOf(int user) => [Rooms[user % RoomCount], Rooms[(user + 1) % RoomCount]];

    /// <summary>Every conversation of the run with a device that may read all of it.</summary>
    public IEnumerable<(string Conversation, VerifyDevice Reader)> Conversations()
    {
        foreach (var room in Rooms)
        {
            if (_devices.Find(device => device.LastOf(room) >= 0 && !device.HasLeft(room)) is { } reader) yield return (room, reader);
        }
        for (var group = 0; group < Groups.Count; group++) yield return (Groups[group], OwnerOf(group));
        for (var user = 0; user < UserCount; user++)
        {
            yield return ("u:" + UserOf(user), _devices[user]);
            if (UserCount > 2 || (UserCount == 2 && user == 0)) yield return (PairOf(user, (user + 1) % UserCount), _devices[user]);
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_devices.Select(device => device.DisposeAsync().AsTask()));

    private string PairOf(int one, int other)
    {
        var users = new[] { UserOf(one), UserOf(other) };
        Array.Sort(users, StringComparer.Ordinal);
        return $"p:{users[0]}|{users[1]}";
    }

    private string UserOf(int user) => string.Create(CultureInfo.InvariantCulture, $"{_run}-u{user}");
}
