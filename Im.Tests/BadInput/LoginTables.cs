using Xunit;

namespace Im.Tests.BadInput;

/// <summary>Logins, each on a connection of its own: data, reply code, and the member that a level 2 reply names.</summary>
public static class LoginTables
{
    private const string Rest = "\"appId\":101,\"device\":\"device-x1\",\"platform\":\"web\"";

    public static TheoryData<string, int, string?> Level2
    {
        get
        {
            var data = new TheoryData<string, int, string?>
            {
                { $$"""{"v":2,{{Rest}}}""", 1002, "userId" },
                { $$"""{"v":2,"userId":null,{{Rest}}}""", 1002, "userId" },
                { $$"""{"v":3,"userId":"x",{{Rest}}}""", 1024, null },
                { $$"""{"v":9007199254740991,"userId":"x",{{Rest}}}""", 1024, null },
                { """{"v":2,"userId":"x","device":"device-x1","platform":"web"}""", 1003, "appId" },
                { """{"v":2,"userId":"x","appId":0,"device":"device-x1","platform":"web"}""", 1003, "appId" },
                { """{"v":2,"userId":"x","appId":999,"device":"device-x1","platform":"web"}""", 1003, "appId" },
                { """{"v":2,"userId":"x","appId":4294967295,"device":"device-x1","platform":"web"}""", 1003, "appId" },
                { """{"v":2,"userId":"x","appId":101,"platform":"web"}""", 1001, "device" },
                { """{"v":2,"userId":"x","appId":101,"device":"device-x1"}""", 1001, "platform" },
                { $$"""{"v":2,"userId":"x","userId":"y",{{Rest}}}""", 1001, "userId" },
                { $$"""{"v":2,"userId":"x",{{Rest}},"APPID":102}""", 1001, "APPID" },
                { $$"""{"v":2,"userId":"x",{{Rest}},"device":"device-x2"}""", 1001, "device" },
                { $$"""{"v":2,"userId":"x",{{Rest}},"cursors":{{Shapes.Cursors(501)}}}""", 1014, "cursors" },
            };
            Each(data, ["\"\"", "\"a|b\"", "\"a\\u0007b\"", $"\"{new string('u', 65)}\""], $$"""{"v":2,"userId":%,{{Rest}}}""", 1002, "userId");
            Each(data, Shapes.NotTexts, $$"""{"v":2,"userId":%,{{Rest}}}""", 1001, "userId");
            Each(data, Shapes.NotNumbers, """{"v":2,"userId":"x","appId":%,"device":"device-x1","platform":"web"}""", 1001, "appId");
            Each(data, ["4294967296", "9007199254740991"], """{"v":2,"userId":"x","appId":%,"device":"device-x1","platform":"web"}""", 1001, "appId");
            Each(data, [.. Shapes.NotTexts, "\"\"", "\"short\"", "\"has a space\"", "\"устройство\"", $"\"{new string('d', 65)}\""], """{"v":2,"userId":"x","appId":101,"device":%,"platform":"web"}""", 1001, "device");
            Each(data, [.. Shapes.NotTexts, "\"\"", "\"fridge\"", "\"WEB\""], """{"v":2,"userId":"x","appId":101,"device":"device-x1","platform":%}""", 1001, "platform");
            Each(data, Shapes.NotNumbers, $$"""{"v":2,"userId":"x",{{Rest}},"try":%}""", 1001, "try");
            Each(data, Shapes.NotCursors, $$"""{"v":2,"userId":"x",{{Rest}},"cursors":%}""", 1001, "cursors");
            Each(data, Shapes.NotTexts, $$"""{"v":2,"userId":"x",{{Rest}},"serviceToken":%}""", 1001, "serviceToken");
            return data;
        }
    }

    /// <summary>The seed's order: types, user, app. No reply of level 0 names a member.</summary>
    public static TheoryData<string, int, string?> Level0
    {
        get
        {
            var data = new TheoryData<string, int, string?>
            {
                { "{}", 1002, null },
                { """{"userId":"","appId":101}""", 1002, null },
                { """{"userId":"12345678901234567890","appId":101}""", 1002, null },
                { """{"userId":"马马马马马马马","appId":101}""", 1002, null },
                { """{"userId":"a|b","appId":101}""", 1002, null },
                { """{"userId":"x"}""", 1003, null },
                { """{"userId":"x","appId":999}""", 1003, null },
            };
            Each(data, Shapes.NotObjects, "%", 1001, null);
            Each(data, Shapes.NotTexts, """{"userId":%,"appId":101}""", 1001, null);
            Each(data, Shapes.NotNumbers, """{"userId":"x","appId":%}""", 1001, null);
            return data;
        }
    }

    private static void Each(TheoryData<string, int, string?> data, IEnumerable<string> values, string template, int code, string? field)
    {
        foreach (var value in values) data.Add(template.Replace("%", value, StringComparison.Ordinal), code, field);
    }
}
