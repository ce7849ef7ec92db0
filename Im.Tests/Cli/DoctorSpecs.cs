using System.CommandLine;
using System.Text.Json;
using Im.Cli.Commands;
using Im.Cli.Doctor;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary><c>im doctor</c> over files that the test writes, and once over this machine.</summary>
public sealed class DoctorSpecs : IDisposable
{
    private const string TcpLine = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0";

    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("1024", "20000", 18_000, "Ok")]
    [InlineData("1024", "unlimited", 18_000, "Ok")]
    [InlineData("1024", "18000", 18_000, "Set")]
    [InlineData("4096", "4096", 18_000, "Set")]
    public void Should_look_at_the_hard_limit_when_the_soft_one_is_low(string soft, string hard, int connections, string level)
    {
        Write("proc/self/status", "Name:\tim\nPPid:\t7\n");
        Write("proc/7/limits", $"Limit                     Soft Limit           Hard Limit           Units\nMax open files            {soft,-20} {hard,-20} files\n");

        var finding = FileChecks.Process(Files, connections);

        finding.Level.ToString().ShouldBe(level);
        finding.Found.ShouldContain(soft == "1024" ? "1,024" : "4,096");
        if (finding.Level == FindingLevel.Set) finding.Command!.ShouldContain("LimitNOFILE=18500");
    }

    [Fact]
    public void Should_count_files_that_are_open_already()
    {
        Write("proc/sys/fs/file-max", "20000");
        Write("proc/sys/fs/file-nr", "5000\t0\t20000");

        FileChecks.Machine(Files, 10_000).Level.ShouldBe(FindingLevel.Ok);
        var finding = FileChecks.Machine(Files, 15_000);
        (finding.Level, finding.Command).ShouldBe((FindingLevel.Set, "sysctl -w fs.file-max=20500"));
    }

    [Theory]
    [InlineData(8080, "4711")]
    [InlineData(8081, null)]
    public void Should_find_the_socket_that_listens(int port, string? inode) => ListeningPorts.InodeAt(TcpLine, port).ShouldBe(inode);

    [Fact]
    public void Should_not_take_a_connection_for_a_listener() => ListeningPorts.InodeAt(TcpLine.Replace(" 0A ", " 01 ", StringComparison.Ordinal), 8080).ShouldBeNull();

    [Fact]
    public void Should_name_the_process_when_a_port_is_taken()
    {
        using var listener = FreePort.Occupy();

        var finding = PortCheck.Of(new SystemFiles("/"), FreePort.PortOf(listener), "Im__Http__Port");

        finding.Level.ShouldBe(FindingLevel.Set);
        finding.Found.ShouldContain($"({Environment.ProcessId})");
    }

    [Fact]
    public void Should_say_what_to_set_when_the_kernels_bounds_are_low()
    {
        Write("proc/sys/net/core/somaxconn", "128");
        Write("proc/sys/net/ipv4/tcp_max_syn_backlog", "4096");
        Write("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999");
        Write("proc/sys/net/ipv4/tcp_mem", "3000\t4000\t6000");
        Write("proc/sys/net/netfilter/nf_conntrack_max", "65536");
        Write("proc/sys/net/netfilter/nf_conntrack_count", "60000");

        var findings = KernelChecks.All(Files, 18_000).ToDictionary(finding => finding.Name);

        findings["net.core.somaxconn"].Command.ShouldBe("sysctl -w net.core.somaxconn=4096");
        findings["net.ipv4.tcp_max_syn_backlog"].Level.ShouldBe(FindingLevel.Ok);
        findings["net.ipv4.ip_local_port_range"].Level.ShouldBe(FindingLevel.Ok);
        findings["net.ipv4.tcp_mem"].Command.ShouldBe("sysctl -w net.ipv4.tcp_mem=\"9000 18000 36000\"");
        findings["net.netfilter.nf_conntrack_max"].Command.ShouldBe("sysctl -w net.netfilter.nf_conntrack_max=78000");
        findings.Values.Where(finding => finding.Level == FindingLevel.Set).ShouldAllBe(finding => finding.Why != null);
    }

    [Fact]
    public void Should_go_on_when_a_file_is_missing()
    {
        FileChecks.Process(Files, 1).Level.ShouldBe(FindingLevel.Note);
        MachineChecks.Memory(Files, 1).Level.ShouldBe(FindingLevel.Note);
        MachineChecks.ClockSource(Files).Level.ShouldBe(FindingLevel.Note);
        MachineChecks.Clock(null).Level.ShouldBe(FindingLevel.Note);
        KernelChecks.All(Files, 1).ShouldAllBe(finding => finding.Level != FindingLevel.Set);
    }

    [Theory]
    [InlineData("1000000 kB", FindingLevel.Ok)]
    [InlineData("300000 kB", FindingLevel.Set)]
    public void Should_say_how_much_memory_is_wanted(string available, object level)
    {
        Write("proc/meminfo", $"MemTotal: 9000000 kB\nMemAvailable:   {available}\n");

        MachineChecks.Memory(Files, 18_000).Level.ShouldBe(level);
    }

    [Fact]
    public void Should_tell_a_program_what_it_found_on_this_machine()
    {
        var output = new StringWriter();

        var exit = ImCommand.Create().Parse($"doctor --connections 10 --ports {string.Join(',', FreePort.Take(3))} --data {_root.Path} --json").Invoke(new InvocationConfiguration { Output = output });

        using var report = JsonDocument.Parse(output.ToString());
        exit.ShouldBe(report.RootElement.GetProperty("fits").GetBoolean() ? 0 : 3);
        var findings = report.RootElement.GetProperty("findings").EnumerateArray().ToList();
        findings.Select(finding => finding.GetProperty("name").GetString()).ShouldContain("net.core.somaxconn");
        findings.ShouldAllBe(finding => finding.GetProperty("found").GetString()!.Length > 0);
    }

    private SystemFiles Files => new(_root.Path);

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
