using Im.Cli.Bench.Report;

namespace Im.Cli.Doctor;

/// <summary>All findings; <see cref="Fits"/> when nothing has to be set.</summary>
internal sealed record DoctorReport(Machine Machine, int Connections, bool Fits, IReadOnlyList<Finding> Findings)
{
    public static DoctorReport Of(DoctorPlan plan, SystemFiles files, bool? clockIsSynchronized)
    {
        Finding[] findings =
        [
            FileChecks.Process(files, plan.Connections),
            FileChecks.Machine(files, plan.Connections),
            .. plan.Ports.Select(port => PortCheck.Of(files, port.Port, port.Variable)),
            .. KernelChecks.All(files, plan.Connections),
            MachineChecks.Disk(plan.Directory),
            MachineChecks.Memory(files, plan.Connections),
            MachineChecks.ClockSource(files),
            MachineChecks.Clock(clockIsSynchronized),
        ];
        return new DoctorReport(Machine.Here, plan.Connections, findings.All(finding => finding.Level != FindingLevel.Set), findings);
    }
}
