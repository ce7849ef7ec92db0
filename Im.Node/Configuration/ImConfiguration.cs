using Microsoft.Extensions.Options;

namespace Im.Node.Configuration;

internal static class ImConfiguration
{
    /// <summary>Reads and checks the section <c>Im</c> and registers it.</summary>
    /// <exception cref="StartupException">One line per error, all errors at once.</exception>
    public static ImOptions AddImOptions(this WebApplicationBuilder builder)
    {
        var options = Read(builder.Configuration);
        builder.Services.AddSingleton(Options.Create(options));
        return options;
    }

    public static ImOptions Read(IConfiguration configuration)
    {
        var errors = new List<string>();
        var options = new OptionReader(errors).Read(configuration);
        errors.AddRange(OptionRules.Check(options));
        return errors.Count == 0 ? options : throw new StartupException(ExitCodes.Configuration, errors);
    }

    /// <summary>Opens or makes the data directory and its secrets, and registers them.</summary>
    public static NodeSecrets AddImSecrets(this WebApplicationBuilder builder, ImOptions options)
    {
        var secrets = SecretsFile.OpenOrCreate(Path.GetFullPath(options.DataDirectory, builder.Environment.ContentRootPath));
        builder.Services.AddSingleton(secrets);
        return secrets;
    }
}
