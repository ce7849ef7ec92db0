namespace Im.Cli.Verify.Cluster;

/// <summary>What happens around the nodes: to the database, to the door, to clients that read.</summary>
internal sealed class SurroundingFaults(FaultScene scene)
{
    /// <summary>In turn frozen for 30 s, killed and away for 10 s, restarted.</summary>
    public async Task<string> DisturbDatabaseAsync(int turn, CancellationToken cancellation)
    {
        var postgres = scene.Hosts.Postgres;
        switch (turn % 3)
        {
            case 0:
                postgres.Freeze();
                await Task.Delay(TimeSpan.FromSeconds(30), CancellationToken.None);
                postgres.Thaw();
                return "frozen for 30 s";
            case 1:
                await postgres.KillAsync();
                await Task.Delay(TimeSpan.FromSeconds(10), cancellation);
                await postgres.StartAsync(cancellation);
                return "killed, away for 10 s";
            default:
                await postgres.StopAsync();
                await postgres.StartAsync(cancellation);
                return "restarted";
        }
    }

    /// <summary>In turn killed and started again, and reloaded.</summary>
    public async Task<string> DisturbDoorAsync(int turn, CancellationToken cancellation)
    {
        if (turn % 2 == 1)
        {
            scene.Hosts.Nginx.Reload();
            return "reloaded";
        }
        await scene.Hosts.Nginx.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        await scene.Hosts.Nginx.StartAsync(cancellation);
        return "killed";
    }

    public async Task<string> SlowReadersAsync(CancellationToken cancellation)
    {
        var slow = scene.Population.Devices.Where(device => scene.Random.Next(6) == 0 && !device.IsSlow).ToArray();
        foreach (var device in slow) device.IsSlow = true;
        await Task.Delay(TimeSpan.FromSeconds(20), cancellation);
        foreach (var device in slow) device.IsSlow = false;
        return $"{slow.Length} devices for 20 s";
    }
}
