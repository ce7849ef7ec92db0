namespace Im.Tests.Support;

/// <summary>For a node's gate: however long the machine stands still, the node sees nothing of it. A test that is about that gives it a clock.</summary>
internal sealed class NeverStill : TimeProvider
{
    public static readonly NeverStill Instance = new();

    private NeverStill()
    {
    }

    public override long GetTimestamp() => 0;
}
