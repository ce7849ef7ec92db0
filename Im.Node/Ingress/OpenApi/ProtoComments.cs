using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Im.Protocol.Ingress.V1;

namespace Im.Node.Ingress.OpenApi;

/// <summary>
/// The comments of the protos by full name, such as <c>im.ingress.v1.PushToUserRequest.user</c>. Generated descriptors
/// carry none; they come from the descriptor set that is embedded beside the generated code.
/// </summary>
internal sealed class ProtoComments
{
    private const string Resource = "im.ingress.v1.protoset";

    private readonly Dictionary<string, string> _byName = new(StringComparer.Ordinal);

    private ProtoComments(FileDescriptorSet files)
    {
        foreach (var file in files.File) Read(file);
    }

    public static ProtoComments Load()
    {
        using var stream = typeof(PushService).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing from Im.Protocol.");
        return new ProtoComments(FileDescriptorSet.Parser.ParseFrom(stream));
    }

    /// <returns>Paragraphs, a blank line apart; null when there is no comment.</returns>
    public string? Of(IDescriptor descriptor) => _byName.GetValueOrDefault(KeyOf(descriptor));

    /// <summary>Values of an enum are kept under the enum's name; their FullName is that of a sibling, as in C++.</summary>
    private static string KeyOf(IDescriptor descriptor) =>
        descriptor is EnumValueDescriptor value ? $"{value.EnumDescriptor.FullName}.{value.Name}" : descriptor.FullName;

    private void Read(FileDescriptorProto file)
    {
        foreach (var location in file.SourceCodeInfo.Location.Where(location => location.HasLeadingComments))
        {
            if (NameAt(file, location.Path) is { } name) _byName[name] = Unwrap(location.LeadingComments);
        }
    }

    /// <summary>Follows a path of field numbers and indexes, as SourceCodeInfo defines it, to the element's full name.</summary>
    private static string? NameAt(FileDescriptorProto file, RepeatedField<int> path)
    {
        IMessage at = file;
        var name = file.Package;
        for (var i = 0; i + 1 < path.Count; i += 2)
        {
            var field = at.Descriptor.FindFieldByNumber(path[i]);
            if (field is null || !field.IsRepeated || field.FieldType != FieldType.Message) return null;
            at = (IMessage)((System.Collections.IList)field.Accessor.GetValue(at))[path[i + 1]]!;
            if (at.Descriptor.FindFieldByName("name")?.Accessor.GetValue(at) is not string part) return null;
            name = $"{name}.{part}";
        }

        return path.Count % 2 == 0 ? name : null;
    }

    private static string Unwrap(string comment)
    {
        var paragraphs = comment.Split("\n\n").Select(paragraph => string.Join(' ', paragraph.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
        return string.Join("\n\n", paragraphs.Where(paragraph => paragraph.Length > 0));
    }
}
