namespace Im.Tests.BadInput;

/// <summary>Values that are wrong wherever they stand. A template has <c>%</c> where the value goes.</summary>
internal static class Shapes
{
    /// <summary>Data that is no object.</summary>
    public static readonly string[] NotObjects = ["\"text\"", "7", "true", "[]", "[{}]", "-1.5e3"];

    /// <summary>No id of a conversation.</summary>
    public static readonly string[] NotConversations =
    [
        "7", "true", "{}", "[\"g:team\"]", "null", "\"\"", "\"team\"", "\"x:team\"", "\"G:team\"", "\"r:\"", "\"g:a/b\"", "\"g:a|b\"", "\"g:a\\u0007b\"", $"\"g:{new string('n', 65)}\"",
        $"\"r:{string.Concat(Enumerable.Repeat("马", 22))}\"", "\"p:alice\"", "\"p:bob|alice\"", "\"p:alice|alice\"", "\"p:a|b|c\"", "\"u:\"", "\"u:a|b\"",
    ];

    /// <summary>No number of a record; 0 and null are a matter of the command.</summary>
    public static readonly string[] NotNumbers = ["-1", "1.5", "-0.25", "\"1\"", "true", "[1]", "{}", "9007199254740992", "1e400", "18446744073709551616"];

    public static readonly string[] NotTexts = ["7", "true", "{}", "[\"x\"]"];

    public static readonly string[] NotCids = ["7", "{}", "\"\"", "\"a b\"", "\"ключ\"", "\"a/b\"", $"\"{new string('c', 65)}\""];

    public static readonly string[] NotUserLists = ["\"bob\"", "7", "{}", "[7]", "[\"bob\",null]", "[[\"bob\"]]"];

    public static readonly string[] NotCursors =
    [
        "[]", "\"g:team\"", "7", "{\"g:team\":5}", "{\"g:team\":[]}", "{\"g:team\":[\"k\"]}", "{\"g:team\":[\"k\",1,2]}", "{\"g:team\":[1,1]}", "{\"g:team\":[\"k\",\"1\"]}",
        "{\"g:team\":[\"k\",-1]}", "{\"g:team\":[\"k\",1.5]}", "{\"g:team\":[\"k\",null]}", "{\"g:team\":[\"k\",9007199254740992]}", "{\"g:team\":null}", "{\"team\":[\"k\",1]}", "{\"\":[\"k\",1]}",
        "{\"g:team\":[\"k\",1],\"g:team\":[\"k\",2]}",
    ];

    public static readonly string[] NotMarks =
        ["[]", "\"g:team\"", "7", "{\"g:team\":\"1\"}", "{\"g:team\":-1}", "{\"g:team\":1.5}", "{\"g:team\":null}", "{\"g:team\":[1]}", "{\"g:team\":9007199254740992}", "{\"g:team\":1,\"g:team\":2}"];

    public static string Quoted(string text) => "\"" + text + "\"";

    public static string Users(int count) => "[" + string.Join(',', Enumerable.Range(0, count).Select(i => Quoted($"user-{i}"))) + "]";

    public static string Cursors(int count) => "{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"g:none-{i}\":[\"k\",1]")) + "}";

    public static string Marks(int count) => "{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"g:none-{i}\":1")) + "}";
}
