namespace Im.Cli.Doctor;

/// <param name="Connections">That one node of this machine should hold.</param>
/// <param name="Ports">The node's, with the variable that moves each.</param>
/// <param name="Directory">Where its data is, for the disk's sync rate.</param>
internal sealed record DoctorPlan(int Connections, IReadOnlyList<(int Port, string Variable)> Ports, string Directory)
{
    public static IReadOnlyList<(int Port, string Variable)> DefaultPorts { get; } = [(8080, "Im__Http__Port"), (9001, "Im__Grpc__Port"), (8089, "Im__WebSocket__Port")];
}
