namespace Im.Actors.Administration;

/// <summary>The host's side of what operators ask a node. Thread-safe.</summary>
public interface INodeControl
{
    NodeCondition Condition { get; }

    /// <summary>Begins to drain; the process ends when that is over.</summary>
    /// <param name="restart">Its supervisor is to start it again; else it is to stay away.</param>
    /// <returns>False: it had begun before, and how it ends stays as it was.</returns>
    bool BeginDrain(bool restart);
}
