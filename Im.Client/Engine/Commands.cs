using System.Text.Json;

namespace Im.Client.Engine;

/// <summary>The data of each command (protocol.md §4).</summary>
internal static class Commands
{
    public static byte[] Message(string conversation, ImContent content, string cid) => Wire.Object(writer =>
    {
        writer.WriteString("conv", conversation);
        writer.WriteString("cid", cid);
        WriteContent(writer, content);
    });

    public static byte[] Ephemeral(string conversation, ImContent content) => Wire.Object(writer =>
    {
        writer.WriteString("conv", conversation);
        WriteContent(writer, content);
        writer.WriteBoolean("ephemeral", true);
    });

    /// <param name="text">Null for a recall.</param>
    public static byte[] Amend(string conversation, long mseq, string? text, string cid) => Wire.Object(writer =>
    {
        writer.WriteString("conv", conversation);
        writer.WriteNumber("mseq", mseq);
        if (text is not null) writer.WriteString("msg", text);
        writer.WriteString("cid", cid);
    });

    public static byte[] History(string conversation, long? before, long? after, int limit) => Wire.Object(writer =>
    {
        writer.WriteString("conv", conversation);
        if (before is { } low) writer.WriteNumber("before", low);
        if (after is { } high) writer.WriteNumber("after", high);
        writer.WriteNumber("limit", limit);
    });

    public static byte[] Read(string conversation, long mseq) => Wire.Object(writer =>
    {
        writer.WriteString("conv", conversation);
        writer.WriteNumber("mseq", mseq);
    });

    public static byte[] Typing(string conversation, bool isTyping) => Wire.Object(writer =>
    {
        writer.WriteString("conv", conversation);
        writer.WriteString("state", isTyping ? "start" : "stop");
    });

    public static byte[] Watch(IEnumerable<string> users) => Wire.Object(writer => WriteNames(writer, "users", users));

    public static byte[] Conversations(int limit, string? after) => Wire.Object(writer =>
    {
        writer.WriteNumber("limit", limit);
        if (after is not null) writer.WriteString("after", after);
    });

    public static byte[] Group(string operation, string? conversation, string? name, IReadOnlyList<string>? users, string? role, string? cid) => Wire.Object(writer =>
    {
        writer.WriteString("op", operation);
        if (conversation is not null) writer.WriteString("conv", conversation);
        if (name is not null) writer.WriteString("name", name);
        if (users is not null) WriteNames(writer, "users", users);
        if (role is not null) writer.WriteString("role", role);
        if (cid is not null) writer.WriteString("cid", cid);
    });

    public static byte[] Token(string token) => Wire.Object(writer => writer.WriteString("serviceToken", token));

    private static void WriteContent(Utf8JsonWriter writer, ImContent content)
    {
        writer.WriteString("type", content.Type);
        writer.WriteString("msg", content.Text);
        if (content.Ext is not { } ext) return;
        writer.WritePropertyName("ext");
        ext.WriteTo(writer);
    }

    private static void WriteNames(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
