using System.Text;
using Google.Protobuf.WellKnownTypes;
using Im.Protocol.Names;

namespace Im.Node.Ingress.Validation;

/// <summary>What all pushes carry, checked and with defaults applied.</summary>
/// <param name="Ext">A JSON object as text, or null.</param>
internal sealed record PushContent(string From, string Type, string Text, string? Ext)
{
    public const string DefaultFrom = "system";

    public const string DefaultType = "text";

    private static readonly string[] Types = [DefaultType, "image", "audio", "video", "file", "location", "card", "custom"];

    public static PushContent Read(string from, string type, string text, Struct? ext, IngressSettings settings, Violations violations)
    {
        if (from.Length == 0) from = DefaultFrom;
        else if (!UserId.TryParse(from, out _)) violations.Add("from", $"{Violations.Shown(from)} is no user: give 1 to 64 bytes of UTF-8 without control characters and '|', or leave it out for {DefaultFrom}.");
        if (type.Length == 0) type = DefaultType;
        else if (!Types.Contains(type)) violations.Add("type", $"{Violations.Shown(type)} is no type: give one of {string.Join(", ", Types)}.");
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > settings.MaxTextBytes) violations.Add("msg", $"{bytes} bytes; give at most {settings.MaxTextBytes}, and a link for anything larger.");
        if (bytes == 0 && type == DefaultType) violations.Add("msg", "'' is no text: give one, or another type.");
        return new PushContent(from, type, text, ExtJson.Write(ext, violations));
    }
}
