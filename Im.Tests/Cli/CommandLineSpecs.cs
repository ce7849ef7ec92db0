using System.CommandLine;
using Im.Cli.Commands;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

public sealed class CommandLineSpecs
{
    [Theory]
    [InlineData("bench connect")]
    [InlineData("bench connect --count 18000 --steps 2000,18000 --level 0 --rate 5000 --verify --json")]
    [InlineData("bench connect --url ws://127.0.0.1:8089/acc --api http://127.0.0.1:8080 --api-key k --server-pid 7")]
    [InlineData("bench connect --peer signalr")]
    [InlineData("bench room --members 10000 --messages 200 --in-flight 1,8 --size 200 --rounds 5 --peer signalr")]
    [InlineData("bench room")]
    [InlineData("bench burst")]
    [InlineData("bench burst --users 3000 --cut 2000 --cut-by fin")]
    [InlineData("bench slow --members 1000")]
    [InlineData("verify")]
    [InlineData("verify --plan quick --rounds 3 --faults kill,drop --seconds 4 --senders 20 --devices 50 --rate 200 --seed 7 --keep --json")]
    [InlineData("verify --url ws://127.0.0.1:8089/acc --api http://127.0.0.1:8080 --api-key k")]
    [InlineData("nodes --watch --api http://10.0.0.1:8080 --api-key k --json")]
    [InlineData("drain 10.0.0.1:4053 --restart --wait 60")]
    [InlineData("drain self --no-wait")]
    [InlineData("bench send --senders 64 --unanswered 64 --rate 10000,20000")]
    [InlineData("bench push")]
    [InlineData("bench push --call stream --users 1000 --streams 4 --in-flight 4096 --size 200 --stored --rate 10000,20000 --json")]
    [InlineData("bench push --url ws://127.0.0.1:8089/acc --api http://127.0.0.1:8080 --grpc http://127.0.0.1:9001")]
    [InlineData("bench storm")]
    [InlineData("bench room --out results/room --fail-if p99>20ms --fail-if deliveries/s<100000")]
    [InlineData("bench storm --fail-if all-back>5s p99>4s")]
    [InlineData("bench mixed --sends 1000 --broadcasts 0 --pushes 500 --reconnects 20 --seconds 5")]
    [InlineData("doctor --connections 100000 --ports 8080,9001,8089 --data . --json")]
    [InlineData("bench storm --clients 18000 --room-size 1000 --missed 3 --during 2 --auth jwt --data data --window 500")]
    [InlineData("bench room --members 3000 --nodes 3,1 --rounds 4 --fail-if crossings>1.01")]
    [InlineData("bench room --url ws://127.0.0.1:8091/acc,ws://127.0.0.1:8092/acc --api http://127.0.0.1:8081,http://127.0.0.1:8082 --server-pid 7,8")]
    [InlineData("bench connect --count 100000 --nodes 6 --apart --hold 30 --processes 6 --verify")]
    [InlineData("bench connect --count 18000 --auth guest,jwt --rounds 3")]
    [InlineData("bench connect --count 9000 --steps 1000,4000,9000 --nodes 1,3 --hold 20")]
    [InlineData("bench room --members 100,1000,10000 --deliveries 500000 --rounds 3")]
    [InlineData("bench room --members 10 --rooms 1,10,100,1000 --deliveries 200000 --nodes 1,3")]
    [InlineData("bench connect --auth jwt --url ws://127.0.0.1:8089/acc --api http://127.0.0.1:8080 --data data")]
    [InlineData("bench storm --nodes 3 --kill --clients 10000 --others 4000 --watch 30")]
    [InlineData("bench freeze")]
    [InlineData("bench freeze --nodes 3 --rooms 24 --members 100 --rate 120 --size 200 --seconds 20")]
    public void Should_accept_when_the_options_fit(string line) => Errors(line).ShouldBeEmpty();

    [Theory]
    [InlineData("bench connect --count 0", "--count")]
    [InlineData("bench connect --level 1", "--level")]
    [InlineData("bench connect --steps 18000,2000", "ascending")]
    [InlineData("bench connect --steps 2000,x", "'x'")]
    [InlineData("bench connect --count 500 --steps 100,400", "--count")]
    [InlineData("bench connect --peer kestrel", "kestrel")]
    [InlineData("bench connect --peer-only", "--peer")]
    [InlineData("bench connect --url ws://127.0.0.1:8089/acc", "--api")]
    [InlineData("bench connect --url here --api http://127.0.0.1:8080", "'here'")]
    [InlineData("bench connect --server-pid 7", "--url")]
    [InlineData("bench connect --addresses 255", "--addresses")]
    [InlineData("bench storm --nodes 2,3", "--nodes")]
    [InlineData("bench connect --nodes 2,10", "--nodes")]
    [InlineData("bench connect --apart", "--nodes")]
    [InlineData("bench room --nodes 0", "--nodes")]
    [InlineData("bench room --nodes 3 --url ws://127.0.0.1:8089/acc --api http://127.0.0.1:8080", "--url")]
    [InlineData("bench storm --kill", "--nodes")]
    [InlineData("bench storm --kill --nodes 3 --rounds 2", "--rounds")]
    [InlineData("bench freeze --rooms 0", "--rooms")]
    [InlineData("bench room --in-flight 0", "--in-flight")]
    [InlineData("bench room --in-flight 2000", "--in-flight")]
    [InlineData("bench room --in-flight 1,x", "'x'")]
    [InlineData("bench room --members many", "many")]
    [InlineData("bench burst --users many --cut 3", "many")]
    [InlineData("bench room --size 27", "--size")]
    [InlineData("bench room --members 100,0", "--members")]
    [InlineData("bench room --rooms 0", "--rooms")]
    [InlineData("bench room --rooms 1,2 --peer signalr", "--rooms")]
    [InlineData("bench room --rooms 2 --threads 2", "--rooms")]
    [InlineData("bench room --deliveries 1000 --messages 10", "--deliveries")]
    [InlineData("bench burst --users 10 --cut 10", "--cut")]
    [InlineData("bench burst --cut-by axe", "axe")]
    [InlineData("bench send --senders 3", "--senders")]
    [InlineData("bench send --rate 0", "--rate")]
    [InlineData("bench send --rate fast", "fast")]
    [InlineData("bench push --call http", "http")]
    [InlineData("bench push --in-flight 2", "--in-flight")]
    [InlineData("bench push --in-flight 4097", "--in-flight")]
    [InlineData("bench push --users 2", "--streams")]
    [InlineData("bench push --url ws://127.0.0.1:8089/acc --api http://127.0.0.1:8080", "--grpc")]
    [InlineData("bench storm --auth ldap", "ldap")]
    [InlineData("bench storm --auth guest,jwt", "one only")]
    [InlineData("bench connect --auth guest,ldap", "ldap")]
    [InlineData("bench connect --auth jwt,jwt", "once")]
    [InlineData("bench connect --auth guest,jwt --url ws://127.0.0.1:8089/acc --api http://127.0.0.1:8080", "--auth")]
    [InlineData("bench connect --auth jwt --level 0", "--level 2")]
    [InlineData("bench connect --key abc", "--auth")]
    [InlineData("bench connect --rounds 0", "--rounds")]
    [InlineData("bench room --fail-if p99", "p99>20ms")]
    [InlineData("bench room --fail-if p99>20", "ms")]
    [InlineData("bench room --fail-if logins/s<5", "deliveries/s")]
    [InlineData("bench mixed --sends 0 --broadcasts 0 --pushes 0 --reconnects 0", "0")]
    [InlineData("bench mixed --senders 3", "--senders")]
    [InlineData("doctor --ports 8080", "--ports")]
    [InlineData("doctor --connections 0", "--connections")]
    [InlineData("bench storm --data data", "--auth")]
    [InlineData("bench rooms", "rooms")]
    [InlineData("nodes --api here", "'here'")]
    [InlineData("drain n1 --wait 0", "--wait")]
    [InlineData("verify --plan nightly", "nightly")]
    [InlineData("verify --faults kill,fire", "'fire'")]
    [InlineData("verify --senders 1", "--senders")]
    [InlineData("verify --rounds -1", "--rounds")]
    [InlineData("verify --url ws://127.0.0.1:8089/acc", "--api")]
    public void Should_name_the_option_when_it_does_not_fit(string line, string named) => Errors(line).ShouldContain(error => error.Contains(named, StringComparison.Ordinal));

    [Theory]
    [InlineData(18_000, null, new[] { 2000, 18_000 })]
    [InlineData(18_000, new int[0], new[] { 2000, 18_000 })]
    [InlineData(10, null, new[] { 10 })]
    [InlineData(500, new[] { 100, 500 }, new[] { 100, 500 })]
    public void Should_take_a_ninth_as_the_first_step_when_none_are_given(int count, int[]? given, int[] expected) => ConnectCommand.Steps(count, given).ShouldBe(expected);

    [Fact]
    public void Should_print_an_overview_when_called_without_arguments()
    {
        var output = new StringWriter();
        ImCommand.Create().Parse([]).Invoke(new InvocationConfiguration { Output = output }).ShouldBe(0);
        output.ToString().ShouldContain("im bench connect");
        output.ToString().ShouldContain("im bench room");
    }

    [Fact]
    public void Should_not_show_the_peer_when_help_is_asked_for()
    {
        var output = new StringWriter();
        ImCommand.Create().Parse(["--help"]).Invoke(new InvocationConfiguration { Output = output }).ShouldBe(0);
        output.ToString().ShouldContain("bench");
        output.ToString().ShouldNotContain("peer-signalr");
    }

    [Theory]
    [InlineData(new[] { "", "", "zh_CN.UTF-8" }, true)]
    [InlineData(new[] { "en_US.UTF-8", null, "zh_CN.UTF-8" }, false)]
    [InlineData(new string?[] { null, null, null }, false)]
    public void Should_speak_chinese_when_the_first_set_variable_says_so(string?[] variables, bool chinese) => Im.Cli.Text.Say.IsChinese(variables).ShouldBe(chinese);

    private static IEnumerable<string> Errors(string line) => ImCommand.Create().Parse(line).Errors.Select(error => error.Message);
}
