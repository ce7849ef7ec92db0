using Im.Protocol;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Im.Node.Compat;

/// <summary>Reads the form of the seed's two send routes: urlencoded or multipart, names in any case, the first of several values.</summary>
internal static class SeedForm
{
    /// <summary>Three bytes for each of a long text, percent-encoded, and the other fields.</summary>
    private const int MaxBodyBytes = 256 * 1024;

    private static readonly FormOptions Limits = new()
    {
        ValueCountLimit = 64,
        KeyLengthLimit = 256,
        ValueLengthLimit = MaxBodyBytes,
        MultipartBodyLengthLimit = MaxBodyBytes,
        BufferBodyLengthLimit = MaxBodyBytes,
    };

    /// <returns>The message, or the code that says why there is none. A body that is no form counts as an empty one, as in the seed.</returns>
    public static async Task<(SeedMessage? Message, ReplyCode Code)> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxBodyBytes;
        try
        {
            var form = request.HasFormContentType ? await new FormFeature(request, Limits).ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
            var app = SeedNumber.Parse(form["appId"].First());
            return (new SeedMessage(app, form["userId"].First(), form["msgId"].First(), "", form["message"].First(), Once: true), ReplyCode.Success);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, ReplyCode.TooLarge);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or BadHttpRequestException or IOException)
        {
            return (null, ReplyCode.BadParameter);
        }
    }

    private static string First(this StringValues values) => values.Count == 0 ? "" : values[0] ?? "";
}
