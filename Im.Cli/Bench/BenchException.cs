namespace Im.Cli.Bench;

/// <summary>A measurement that could not be made; the message is one line for the user, who gets exit code 1.</summary>
internal sealed class BenchException : Exception
{
    public BenchException(string message) : base(message)
    {
    }
}
