using System.Globalization;
using Im.Cli.Verify.Facts;
using Im.Client;

namespace Im.Cli.Verify.Load;

/// <summary>What the users do until they are stopped: send, send the same again, contradict themselves, edit, recall, read, change groups, leave and enter rooms.</summary>
internal sealed class Workload(Population population, VerifyPlan plan, FactBook book)
{
    private const int MaxOpenPerSender = 24;
    private readonly List<Task> _open = [];
    private long _number;

    /// <summary>Runs until it is cancelled; commands that have no answer by then go on, see <see cref="WaitForAnswersAsync"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var loops = new List<Task>();
        for (var user = 0; user < population.UserCount; user++) loops.Add(SendLoopAsync(user, stop));
        loops.Add(EveryAsync(TimeSpan.FromMilliseconds(700), ChangeGroupAsync, plan.Seed + 1, stop));
        loops.Add(EveryAsync(TimeSpan.FromMilliseconds(300), ReadAsync, plan.Seed + 2, stop));
        loops.Add(EveryAsync(TimeSpan.FromMilliseconds(500), WanderAsync, plan.Seed + 3, stop));
        await Task.WhenAll(loops);
    }

    /// <summary>Each sender sends so many messages at once.</summary>
    public void Burst(int count, Random random)
    {
        for (var user = 0; user < population.UserCount; user++)
        {
            var places = population.PlacesOf(user);
            for (var i = 0; i < count; i++) _ = Keep(SendOnce(population.Senders[user], places[random.Next(places.Count)]));
        }
    }

    /// <summary>For the quiet time at the end: messages of all senders in turn, at an even pace, until it is stopped.</summary>
    public async Task ProbeAsync(CancellationToken stop)
    {
        var random = new Random(plan.Seed + 4);
        var pause = TimeSpan.FromSeconds(1.0 / plan.Rate);
        using var pace = new PeriodicTimer(pause);
        try
        {
            for (var user = 0; ; user = (user + 1) % population.UserCount)
            {
                var places = population.PlacesOf(user);
                _ = Keep(population.Senders[user].SendAsync(places[random.Next(places.Count)], NextCid(), Text("probe")));
                await pace.WaitForNextTickAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    /// <summary>One message to each conversation, and nothing behind it that would show that it was not published.</summary>
    public async Task ProbeOnceAsync(TimeSpan pause, CancellationToken cancellation)
    {
        var seen = new HashSet<string>();
        for (var user = 0; user < population.UserCount; user++)
        {
            foreach (var place in population.PlacesOf(user).Where(seen.Add)) _ = Keep(population.Senders[user].SendAsync(place, NextCid(), Text("probe")));
        }
        await Task.Delay(pause, cancellation);
    }

    /// <summary>Devices that only read leave a room and enter it again, one after the other, and connections end without a word.</summary>
    public async Task MoveReadersAsync(TimeSpan pause, CancellationToken cancellation)
    {
        for (var i = population.UserCount; i < population.Devices.Count; i++)
        {
            await Task.Delay(pause, cancellation);
            var device = population.Devices[i];
            if (i % 2 == 0) await device.BreakAsync();
            else foreach (var room in population.RoomsOf(i % population.UserCount)) await Keep(device.LeaveAndJoinAsync(room));
        }
    }

    /// <summary>False when some have none within the time.</summary>
    public async Task<bool> WaitForAnswersAsync(TimeSpan limit)
    {
        Task[] open;
        lock (_open) open = [.. _open];
        return await Task.WhenAny(Task.WhenAll(open), Task.Delay(limit)) is { } first && open.All(task => task.IsCompleted) && first.IsCompleted;
    }

    private async Task SendLoopAsync(int user, CancellationToken stop)
    {
        var random = new Random(plan.Seed * 1000 + user);
        var device = population.Senders[user];
        var pauseMs = 1000.0 * population.UserCount / plan.Rate;
        var open = new List<Task>();
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 2 * pauseMs), stop);
                open.RemoveAll(task => task.IsCompleted);
                if (open.Count >= MaxOpenPerSender) continue;
                open.Add(Keep(Act(device, user, random)));
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    /// <summary>The calls are made before this returns, so that their order is that of the loop.</summary>
    private Task Act(VerifyDevice device, int user, Random random)
    {
        var places = population.PlacesOf(user);
        var place = places[random.Next(places.Count)];
        switch (random.Next(100))
        {
            case < 6: return SendTwice(device, place);
            case < 9 when Own(device, random) is { } own: return device.SendAsync(own.Conversation, own.Cid, own.Text, isRepeat: true);
            case < 11 when Own(device, random) is { } own: return device.SendAsync(own.Conversation, own.Cid, own.Text + " (another)", isRepeat: true);
            case < 16 when Own(device, random) is { } own: return device.EditAsync(own, NextCid(), Text("edited"));
            case < 18 when Own(device, random) is { } own: return device.RecallAsync(own, NextCid());
            case < 19: return device.SendAsync($"g:nowhere-{user}", NextCid(), Text("refused"));
            case < 20: return device.SendAsync(place, NextCid(), new string('x', 20_000));
            default: return SendOnce(device, place);
        }
    }

    private async Task SendOnce(VerifyDevice device, string place) => Remember(device, await device.SendAsync(place, NextCid(), Text("line")));

    private Task<SentFact[]> SendTwice(VerifyDevice device, string place)
    {
        var (cid, text) = (NextCid(), Text("twice"));
        return Task.WhenAll(device.SendAsync(place, cid, text), device.SendAsync(place, cid, text, isRepeat: true));
    }

    private static void Remember(VerifyDevice device, SentFact sent)
    {
        if (sent.Outcome != Outcome.Acked) return;
        lock (device.Own)
        {
            device.Own.Enqueue(sent);
            if (device.Own.Count > 20) device.Own.Dequeue();
        }
    }

    private static SentFact? Own(VerifyDevice device, Random random)
    {
        lock (device.Own) return device.Own.Count == 0 ? null : device.Own.ElementAt(random.Next(device.Own.Count));
    }

    private async Task ChangeGroupAsync(Random random)
    {
        var group = random.Next(population.Groups.Count);
        var owner = population.OwnerOf(group);
        var user = population.Users[random.Next(population.UserCount)];
        if (user == owner.User) return;
        await owner.ChangeMemberAsync(population.Groups[group], user, random.Next(2) == 0, NextCid());
    }

    private Task ReadAsync(Random random)
    {
        var device = population.Devices[random.Next(population.Devices.Count)];
        var places = population.PlacesOf(population.Users.Index().First(entry => entry.Item == device.User).Index);
        return device.ReadMarkAsync(places[random.Next(places.Count)]);
    }

    private Task WanderAsync(Random random)
    {
        var index = random.Next(population.UserCount, population.Devices.Count + 1) % population.Devices.Count;
        var device = population.Devices[index];
        return device.LeaveAndJoinAsync(population.RoomsOf(index % population.UserCount).First());
    }

    private async Task EveryAsync(TimeSpan pause, Func<Random, Task> act, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        try
        {
            while (true)
            {
                await Task.Delay(pause, stop);
                await Keep(act(random)).WaitAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    private Task Keep(Task task)
    {
        var guarded = GuardAsync(task);
        lock (_open)
        {
            _open.RemoveAll(done => done.IsCompleted);
            _open.Add(guarded);
        }
        return guarded;
    }

    /// <summary>What is not noted as a fact may be refused or time out while the node is down.</summary>
    private static async Task GuardAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception failure) when (failure is ImRefusedException or ImQueueFullException or ImStoppedException or TimeoutException)
        {
            // Durable commands note their outcome; the others promise nothing.
        }
    }

    private string NextCid() => string.Create(CultureInfo.InvariantCulture, $"c{Interlocked.Increment(ref _number):x}");

    private string Text(string what) => string.Create(CultureInfo.InvariantCulture, $"{what} {Interlocked.Read(ref _number)} 你好 👋 <{book.NowMs}>");
}
