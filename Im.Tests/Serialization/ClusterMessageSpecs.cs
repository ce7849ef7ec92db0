using System.Reflection;
using Akka.Actor;
using Im.Actors.Messages;
using Im.Actors.Serialization;
using Shouldly;
using Xunit;

namespace Im.Tests.Serialization;

/// <summary>Every cluster message has its form on the wire, and comes back from it as it was.</summary>
public sealed class ClusterMessageSpecs(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Type[] Messages =
        [.. typeof(IClusterMessage).Assembly.GetTypes().Where(type => typeof(IClusterMessage).IsAssignableFrom(type) && type is { IsInterface: false, IsAbstract: false })];

    [Fact]
    public void Should_have_a_manifest_and_a_case_for_every_cluster_message()
    {
        Messages.ShouldNotBeEmpty();
        Messages.Where(type => !ClusterManifests.ByType.ContainsKey(type)).ShouldBeEmpty("they have no line in ClusterManifests");
        Messages.Where(type => !fixture.Cases.ContainsKey(type)).ShouldBeEmpty("they have no case in ClusterMessageCases");
        ClusterManifests.ByType.Keys.Except(Messages).ShouldBeEmpty("they are in ClusterManifests and no IClusterMessage");
        Messages.Where(type => typeof(ILocalMessage).IsAssignableFrom(type)).ShouldBeEmpty("they are marked as both");
    }

    [Fact]
    public void Should_take_the_serializer_of_the_cluster_for_every_cluster_message()
    {
        foreach (var type in Messages) fixture.System.Serialization.FindSerializerForType(type).ShouldBeOfType<ClusterMessageSerializer>(type.FullName);
    }

    [Fact]
    public void Should_be_the_same_message_when_it_has_been_on_the_wire()
    {
        var serialization = fixture.System.Serialization;
        foreach (var message in fixture.Cases.Values.SelectMany(messages => messages))
        {
            var manifest = Akka.Serialization.Serialization.ManifestFor(serialization.FindSerializerFor(message), message);
            var back = serialization.Deserialize(serialization.Serialize(message), fixture.Serializer.Identifier, manifest);
            Same.Difference(back, message, message.GetType().Name).ShouldBeNull();
        }
    }

    [Fact]
    public void Should_name_an_actor_of_this_node_so_that_others_find_it()
    {
        var actor = fixture.System.ActorOf(Props.Create(() => new Silent()));

        References.Write(actor).ShouldBe(actor.Path.ToSerializationFormatWithAddress(fixture.System.Provider.DefaultAddress));
        new References(fixture.System).Read(References.Write(actor)).ShouldBe(actor);
    }

    /// <summary>What no case fills could be forgotten by a mapper unnoticed.</summary>
    [Fact]
    public void Should_have_cases_that_fill_every_part_and_leave_out_every_part_that_may_be_absent()
    {
        var seen = new HashSet<(Type, string, string)>();
        foreach (var message in fixture.Cases.Values.SelectMany(messages => messages)) Collect(message, seen);
        var parts = seen.Select(part => part.Item1).Distinct().Where(type => type.Namespace!.StartsWith("Im.Actors", StringComparison.Ordinal)).ToArray();

        var missing = parts.SelectMany(type => Same.PropertiesOf(type)).SelectMany(Needed).Except(seen);

        missing.Select(part => $"{part.Item1.Name}.{part.Item2} is never {part.Item3}").ShouldBeEmpty();
    }

    private static IEnumerable<(Type, string, string)> Needed(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        var isEnumOfOurs = property.PropertyType.IsEnum && property.PropertyType.Assembly == typeof(IClusterMessage).Assembly;
        if (isEnumOfOurs)
        {
            foreach (var value in Enum.GetNames(property.PropertyType)) yield return (type, property.Name, value);
        }
        else
        {
            yield return (type, property.Name, "filled");
        }

        if (Nullability.Create(property).WriteState == NullabilityState.Nullable) yield return (type, property.Name, "null");
    }

    private static void Collect(object message, HashSet<(Type, string, string)> seen)
    {
        foreach (var property in Same.PropertiesOf(message.GetType()))
        {
            var value = property.GetValue(message);
            var key = (property.DeclaringType!, property.Name);
            if (value is null) seen.Add((key.Item1, key.Name, "null"));
            else if (value is Enum) seen.Add((key.Item1, key.Name, value.ToString()!));
            if (IsFilled(value)) seen.Add((key.Item1, key.Name, "filled"));
            if (value is null or ReadOnlyMemory<byte> || Same.IsWhole(value)) continue;
            if (value is System.Collections.IEnumerable)
            {
                foreach (var item in Same.Items(value).Where(item => item is not null && !Same.IsWhole(item))) Collect(item!, seen);
            }
            else
            {
                Collect(value, seen);
            }
        }
    }

    private static bool IsFilled(object? value) => value switch
    {
        null => false,
        string text => text.Length > 0,
        IActorRef actor => !actor.IsNobody(),
        ReadOnlyMemory<byte> bytes => bytes.Length > 0,
        System.Collections.IEnumerable list => Same.Items(list).Length > 0,
        ValueType number => !number.Equals(Activator.CreateInstance(number.GetType())),
        _ => true,
    };

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
