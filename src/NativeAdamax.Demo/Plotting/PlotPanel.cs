namespace NativeAdamax.Demo.Plotting;

/// <summary>A line of a plot. Points that are not finite interrupt it.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Color">As SVG writes it, such as <c>#0072b2</c>.</param>
/// <param name="Points">In the order in which they are joined.</param>
internal sealed record Series(string Name, string Color, IReadOnlyList<(double X, double Y)> Points)
{
    // Of Okabe and Ito's colours, which people with any colour vision can tell apart.
    public const string Blue = "#0072b2";
    public const string Vermilion = "#d55e00";
    public const string Green = "#009e73";
    public const string Purple = "#cc79a7";
    public const string Grey = "#8a8f98";
}

/// <summary>One frame with axes. Panels of a chart stand one above the other and share the x axis' range.</summary>
/// <param name="Title">Above the frame, with the unit of y.</param>
/// <param name="Series">What is drawn, the last on top.</param>
internal sealed record PlotPanel(string Title, IReadOnlyList<Series> Series)
{
    /// <summary>Whether y is logarithmic.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>The frame's height against that of the others.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Dotted vertical lines.</summary>
    public IReadOnlyList<double> Marks { get; init; } = [];
}
