namespace Im.Cli.Bench;

/// <summary>How the load client works, whatever it measures.</summary>
/// <param name="Threads">Reactors.</param>
/// <param name="Window">Handshakes or logins under way at once.</param>
/// <param name="RatePerSecond">Of connects and of logins; 0 = as fast as the window allows.</param>
internal sealed record LoadShape(int Threads, int Window, double RatePerSecond);
