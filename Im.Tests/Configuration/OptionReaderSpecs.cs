using Im.Actors.Sessions.Policies;
using Im.Node.Configuration;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Im.Tests.Configuration;

public sealed class OptionReaderSpecs
{
    [Theory]
    [InlineData("Im:Http:Port", "abc", "Im:Http:Port is \"abc\": expected a whole number from 0 to 65535; set Im__Http__Port")]
    [InlineData("Im:Http:Port", "70000", "Im:Http:Port is \"70000\": expected a whole number from 0 to 65535; set Im__Http__Port")]
    [InlineData("Im:Http:Port", "-1", "Im:Http:Port is \"-1\": expected a whole number")]
    [InlineData("Im:Http:Port", "", "Im:Http:Port is \"\": expected a whole number")]
    [InlineData("Im:WebSocket:SilenceTimeout", "30", "expected a duration hh:mm:ss from 00:00:01 to 1.00:00:00; set Im__WebSocket__SilenceTimeout")]
    [InlineData("Im:WebSocket:SilenceTimeout", "00:00:00", "expected a duration hh:mm:ss from 00:00:01")]
    [InlineData("Im:WebSocket:SilenceTimeout", "soon", "expected a duration hh:mm:ss")]
    [InlineData("Im:WebSocket:RequireOrigin", "yes", "Im:WebSocket:RequireOrigin is \"yes\": expected true or false")]
    [InlineData("Im:WebSocket:MessageMaxBytes", "64K", "expected a whole number from 1024 to 16777216")]
    [InlineData("Im:WebSocket:MaxConnectionsCount", "0", "expected a whole number from 1 to 10000000")]
    [InlineData("Im:Auth:Mode", "none", "Im:Auth:Mode is \"none\": expected guest or jwt")]
    [InlineData("Im:Auth:Mode", "0", "expected guest or jwt")]
    [InlineData("Im:Apps:0", "-5", "Im:Apps:0 is \"-5\": expected a whole number from 0 to 4294967295; set Im__Apps__0")]
    [InlineData("Im:Apps", "101,102", "Im:Apps is \"101,102\": it is a list, set its members one by one: Im__Apps__0=…")]
    [InlineData("Im:Http", "8080", "Im:Http is \"8080\": it is a group of settings and takes no value itself; remove Im__Http")]
    [InlineData("Im:Drain:Timeout", "00:01:00", "expected a duration hh:mm:ss from 00:00:00 to 00:00:15")]
    [InlineData("Im:Http:Port", "80\u001b[2J", "Im:Http:Port is \"80\\u001B[2J\"")]
    [InlineData("Im:WebSocket:Prot", "1", "Im:WebSocket:Prot is unknown; did you mean Im:WebSocket:Port? Set Im__WebSocket__Port instead of Im__WebSocket__Prot")]
    [InlineData("Im:Websocket:Orgins:0", "x", "Im:WebSocket:Orgins:0 is unknown; did you mean")]
    [InlineData("Im:BindAdress", "x", "did you mean Im:BindAddress?")]
    [InlineData("Im:Something:Else:Entirely:Different", "x", "Im:Something:Else:Entirely:Different is unknown; remove Im__Something__Else__Entirely__Different")]
    [InlineData("Im:Http:Port:Number", "1", "Im:Http:Port:Number is unknown; did you mean Im:Http:Port?")]
    [InlineData("Im:Storage:Provider", "mongo", "Im:Storage:Provider is \"mongo\": expected sqlite or postgres; set Im__Storage__Provider")]
    [InlineData("Im:Tls:Certificate", "a.pem", "Im:Tls:Certificate is not built yet")]
    [InlineData("Im:Cluster:Tls:Mode", "some", "Im:Cluster:Tls:Mode is \"some\": expected mutual or off; set Im__Cluster__Tls__Mode")]
    [InlineData("Im:Auth:Jwt:Leeway", "00:02:00", "expected a duration hh:mm:ss from 00:00:00 to 00:01:00")]
    [InlineData("Im:AppPolicies:101:Devices", "two", "Im:AppPolicies:101:Devices is \"two\": expected none or device or platform or single; set Im__AppPolicies__101__Devices")]
    [InlineData("Im:AppPolicies:101:Device", "single", "Im:AppPolicies:101:Device is unknown; did you mean Im:AppPolicies:101:Devices?")]
    [InlineData("Im:AppPolicies:all:Devices", "single", "Im:AppPolicies:all:Devices is unknown")]
    [InlineData("Im:AppPolicies", "single", "Im:AppPolicies is \"single\": it is set for each app by its number: Im__AppPolicies__101__…")]
    public void Should_name_setting_value_and_remedy_when_a_value_is_wrong(string key, string value, string expected)
    {
        Errors((key, value)).ShouldHaveSingleItem().ShouldContain(expected);
    }

    [Fact]
    public void Should_report_every_error_at_once_when_several_are_wrong()
    {
        var errors = Errors(("Im:Http:Port", "abc"), ("Im:Grpc:Prot", "1"), ("Im:BindAddress", "0.0.0.0"), ("Im:Storage:Provider", "x"));

        errors.Count.ShouldBe(4);
    }

    [Fact]
    public void Should_take_the_defaults_when_nothing_is_set()
    {
        Read().ShouldBeEquivalentTo(new ImOptions());
    }

    [Fact]
    public void Should_ignore_the_case_of_names_when_read_from_the_environment()
    {
        Read(("IM:HTTP:PORT", "81")).Http.Port.ShouldBe(81);
    }

    [Fact]
    public void Should_replace_the_whole_default_list_when_one_member_is_set()
    {
        Read(("Im:Apps:0", "7")).Apps.ShouldBe([7u]);
    }

    [Fact]
    public void Should_read_lists_of_records_when_api_keys_are_given()
    {
        var hash = new string('a', 64);

        var key = Read(("Im:Ingress:ApiKeys:0:Id", "shop"), ("Im:Ingress:ApiKeys:0:Hash", hash), ("Im:Ingress:ApiKeys:0:Scopes:0", "push")).Ingress.ApiKeys.ShouldHaveSingleItem();

        (key.Id, key.Hash, key.Scopes.Single()).ShouldBe(("shop", hash, "push"));
    }

    [Fact]
    public void Should_read_settings_per_app_when_they_are_named_by_its_number()
    {
        var policies = Read(("Im:AppPolicies:102:Devices", "Single"), ("Im:AppPolicies:102:OnConflict", "refuse")).AppPolicies;

        policies.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            policy => policy.Key.ShouldBe(102u),
            policy => policy.Value.Devices.ShouldBe(DeviceRule.Single),
            policy => policy.Value.OnConflict.ShouldBe(ConflictRule.Refuse));
    }

    [Fact]
    public void Should_read_every_kind_of_value_when_written_as_documented()
    {
        var options = Read(
            ("Im:WebSocket:SilenceTimeout", "00:01:30"), ("Im:WebSocket:RequireOrigin", "TRUE"), ("Im:Metrics:Port", "9100"), ("Im:Auth:Mode", "Guest"));

        (options.WebSocket.SilenceTimeout, options.WebSocket.RequireOrigin, options.Metrics.Port, options.Auth.Mode)
            .ShouldBe((TimeSpan.FromSeconds(90), true, 9100, AuthMode.Guest));
    }

    internal static ImOptions Read(params (string Key, string Value)[] settings) => ImConfiguration.Read(ConfigurationOf(settings));

    internal static IReadOnlyList<string> Errors(params (string Key, string Value)[] settings)
    {
        var failure = Should.Throw<StartupException>(() => Read(settings));
        failure.ExitCode.ShouldBe(ExitCodes.Configuration);
        return failure.Lines;
    }

    private static IConfigurationRoot ConfigurationOf((string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();
}
