using System.Text.Json.Nodes;

namespace NativeAdamax.Styles.Keras;

/// <content>The configuration as JSON, under the system's own keys.</content>
public sealed partial class KerasOptimizer
{
    /// <summary>
    /// The numbers under the keys of get_config, in its order. The learning rate is not rounded to float32, as Keras's
    /// is; tf_keras's adaptive_epsilon, which its own configuration loses, is a key here. Variables left out of weight
    /// decay are no part of it, as in Keras.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// An option has no key there, or a function or another system's schedule rules the learning rate.
    /// </exception>
    public JsonObject GetConfig() => OptionsConfig.Write(Name, Options);

    /// <summary>An optimizer from its configuration.</summary>
    /// <param name="className">Adam, AdamW, Adamax or Nadam.</param>
    /// <param name="config">What is missing has the system's default.</param>
    /// <param name="dialect">Keras or TfKeras.</param>
    /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no such optimizer, a key is unknown, or a value is of the wrong kind or out of its range.
    /// </exception>
    public static KerasOptimizer FromConfig(string className, JsonObject config, Dialect dialect = Dialect.Keras)
    {
        ArgumentNullException.ThrowIfNull(config);
        (OptimizerOptions options, string? name) = OptionsConfig.Read(className, config, dialect);
        return new KerasOptimizer(options, name);
    }

    /// <summary>The configuration with the class's name, as keras.optimizers.serialize writes it.</summary>
    /// <inheritdoc cref="GetConfig"/>
    public JsonObject Serialize() => new()
    {
        ["module"] = "keras.optimizers",
        ["class_name"] = OptionsConfig.ClassName(Options),
        ["config"] = GetConfig(),
        ["registered_name"] = null,
    };

    /// <summary>An optimizer from what <see cref="Serialize"/> or keras.optimizers.serialize wrote.</summary>
    /// <param name="serialized">An object with class_name and config.</param>
    /// <param name="dialect">Keras or TfKeras.</param>
    /// <exception cref="ArgumentNullException"><paramref name="serialized"/> is null.</exception>
    /// <exception cref="ArgumentException">A key is missing or unknown, or see <see cref="FromConfig"/>.</exception>
    public static KerasOptimizer Deserialize(JsonObject serialized, Dialect dialect = Dialect.Keras)
    {
        ArgumentNullException.ThrowIfNull(serialized);
        ConfigReader reader = new(serialized, "The optimizer");
        string name = reader.Text("class_name") ?? throw new ArgumentException("The optimizer has no class_name.");
        if (reader.Find("config") is not JsonObject config)
            throw new ArgumentException($"{name} has no config.");
        _ = reader.Text("module");
        _ = reader.Text("registered_name");
        _ = reader.Find("build_config");
        reader.RefuseOthers();
        return FromConfig(name, config, dialect);
    }
}
