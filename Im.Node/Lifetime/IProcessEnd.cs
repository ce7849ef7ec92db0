namespace Im.Node.Lifetime;

/// <summary>Ends this process for a reason that it cannot mend, so that a supervisor starts it afresh.</summary>
internal interface IProcessEnd
{
    /// <summary>Takes no users any more and ends within seconds, whatever hangs. The first call counts; none does once the node is asked to stop.</summary>
    /// <param name="exitCode">One of <see cref="Configuration.ExitCodes"/>.</param>
    /// <param name="why">One line for the operator.</param>
    void End(int exitCode, string why);
}
