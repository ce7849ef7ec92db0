using Im.Cli.Bench.Report;
using Im.Cli.Text;
using Im.Cli.Verify.Checks;
using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Faults;
using Im.Cli.Verify.Load;
using Im.Cli.Verify.Report;
using Im.Client;

namespace Im.Cli.Verify;

/// <summary>One run: load and faults in turn, then peace, a last round of messages, everybody caught up, the logs read, and the checks.</summary>
internal sealed class VerifyRun(BenchConsole console, VerifyPlan plan, IVerifyTarget target)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(60);

    /// <summary>Longer than a record may take in peace, see <see cref="QuietCheck.MaxDelayMs"/>.</summary>
    private static readonly TimeSpan SilenceTime = TimeSpan.FromMilliseconds(QuietCheck.MaxDelayMs + 500);

    private const int SilentRounds = 3;

    private readonly FactBook _book = new();

    /// <summary>What was observed, once <see cref="RunAsync"/> is over.</summary>
    public RunFacts? Facts { get; private set; }

    public FactBook Book => _book;

    public async Task<VerifyReport> RunAsync(string run, CancellationToken cancellation)
    {
        await using var population = new Population(target.WebSocket, plan, run, _book);
        await population.StartAsync(cancellation);
        console.Note(Say.It($"{plan.Devices} devices of {plan.Senders} users are online", $"{plan.Senders} 个用户的 {plan.Devices} 台设备已在线"));
        var workload = new Workload(population, plan, _book);
        var pusher = new InboxPusher(target.Http, plan.App, population, _book);
        await using var probes = target.SingleApp is { } app ? new SessionProbes(target.WebSocket, target.Http, app, run, _book) : null;
        await DisturbAsync(population, workload, pusher, probes, cancellation);
        await SettleAsync(population, workload, cancellation);
        var quiet = await ProbeAsync(workload, pusher, cancellation);
        if (probes is not null) await probes.ProbeAsync(cancellation);
        await SettleAsync(population, workload, cancellation);
        if (pusher.Unavailable is null) await pusher.AskAgainAsync(200, cancellation);
        else console.Note(Say.It($"No inbox pushes: {pusher.Unavailable}", $"没有收件箱推送：{pusher.Unavailable}"));
        var facts = await CollectAsync(population, probes, quiet, cancellation);
        Facts = facts;
        return VerifyReport.Of(plan, facts, Checker.Check(facts), target is VerifyNode { IsOwn: true });
    }

    private async Task DisturbAsync(Population population, Workload workload, InboxPusher pusher, SessionProbes? probes, CancellationToken cancellation)
    {
        var slow = population.SlowDown(target.SlowReaders);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var load = Task.WhenAll(workload.RunAsync(stop.Token), pusher.RunAsync(stop.Token), probes?.RunAsync(stop.Token) ?? Task.CompletedTask);
        var disturbance = target.Disturb(population, workload, _book, plan);
        for (var round = 0; round < plan.Rounds; round++)
        {
            await Task.Delay(plan.RoundTime, cancellation);
            var begun = _book.NowMs;
            var fault = await disturbance.RunAsync(round, cancellation);
            console.Note(Say.It(
                $"{round + 1}/{plan.Rounds} {fault} ({_book.NowMs - begun} ms): {_book.Acked:N0} acknowledged, {_book.Open} open, {population.Devices.Count(device => device.Client.State == ImClientState.Online)} online",
                $"{round + 1}/{plan.Rounds} {fault}（{_book.NowMs - begun} 毫秒）：已确认 {_book.Acked:N0}，未答 {_book.Open}，在线 {population.Devices.Count(device => device.Client.State == ImClientState.Online)}"));
        }
        await Task.Delay(plan.RoundTime, cancellation);
        await stop.CancelAsync();
        await load;
        foreach (var device in slow) device.IsSlow = false;
    }

    /// <summary>Waits for the last answers, then until every device has what it is due.</summary>
    private async Task SettleAsync(Population population, Workload workload, CancellationToken cancellation)
    {
        if (!await workload.WaitForAnswersAsync(AnswerLimit)) console.Note(Say.It($"{_book.Open} commands have no answer after {AnswerLimit.TotalSeconds} s", $"{AnswerLimit.TotalSeconds} 秒后仍有 {_book.Open} 条命令未得到应答"));
        foreach (var device in population.Devices)
        {
            if (device.Client.State != ImClientState.Stopped) await device.Client.WaitUntilOnlineAsync(cancellation).WaitAsync(CatchUpLimit, cancellation);
        }
        var due = DueOf(population, await LogReader.ReadAllAsync(population, cancellation));
        var begun = _book.NowMs;
        while (_book.NowMs - begun < CatchUpLimit.TotalMilliseconds && due.Exists(entry => IsBehind(entry.Device, entry.Conversation, entry.Mseq))) await Task.Delay(100, cancellation);
        console.Note(Say.It($"everybody is caught up after {_book.NowMs - begun} ms", $"{_book.NowMs - begun} 毫秒后全部追上"));
    }

    private static bool IsBehind(VerifyDevice device, string conversation, long mseq) => !device.HasLeft(conversation) && device.LastOf(conversation) < mseq;

    private static List<(VerifyDevice Device, string Conversation, long Mseq)> DueOf(Population population, IReadOnlyList<ConversationLog> logs)
    {
        var due = new List<(VerifyDevice, string, long)>();
        foreach (var log in logs)
        {
            var stays = Stays.Of(log, []);
            foreach (var device in population.Devices)
            {
                if (!stays.Knows(device.User) && device.LastOf(log.Conversation) < 0) continue;
                if (log.Records.LastOrDefault(record => stays.MayRead(device.User, record.Mseq)) is { } last) due.Add((device, log.Conversation, last.Mseq));
            }
        }
        return due;
    }

    /// <summary>Messages in peace, while devices that read come and go; then single ones with nothing behind them.</summary>
    /// <returns>When it began.</returns>
    private async Task<long> ProbeAsync(Workload workload, InboxPusher pusher, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
        var quiet = _book.NowMs;
        _book.IsProbing = true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var probing = workload.ProbeAsync(stop.Token);
        for (var turn = 0; turn < plan.ProbeTurns; turn++) await workload.MoveReadersAsync(cancellation);
        await stop.CancelAsync();
        await probing;
        await Task.Delay(SilenceTime, cancellation);
        for (var round = 0; round < SilentRounds; round++)
        {
            var pushing = pusher.ProbeOnceAsync(cancellation);
            await workload.ProbeOnceAsync(SilenceTime, cancellation);
            await pushing;
        }
        console.Note(Say.It($"peace for {_book.NowMs - quiet} ms: {_book.Acked:N0} acknowledged", $"平静 {_book.NowMs - quiet} 毫秒：已确认 {_book.Acked:N0}"));
        return quiet;
    }

    private async Task<RunFacts> CollectAsync(Population population, SessionProbes? probes, long quiet, CancellationToken cancellation)
    {
        var logs = await LogReader.ReadAllAsync(population, cancellation);
        foreach (var device in population.Devices) device.Facts.IsComplete = device.Client.State == ImClientState.Online;
        return new RunFacts([.. _book.Sent], [.. population.Devices.Select(device => device.Facts)], logs, [.. _book.Pushes], [.. _book.Marks], [.. _book.Gaps], quiet) { Sessions = probes?.Facts() ?? SessionFacts.None };
    }
}
