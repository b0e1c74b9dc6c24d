using System.Globalization;
using System.Text;
using System.Xml;

namespace NativeAdamax.Demo.Plotting;

/// <summary>A chart of lines as an SVG document that loads nothing: no script, no fonts.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Subtitle">A line below it: how the data came about.</param>
/// <param name="XLabel">Below the lowest panel.</param>
/// <param name="Panels">From top to bottom.</param>
internal sealed record SvgChart(string Title, string Subtitle, string XLabel, IReadOnlyList<PlotPanel> Panels)
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private const double Width = 860;
    private const double Left = 72;
    private const double Right = 28;
    private const double Top = 94;
    private const double Bottom = 58;
    private const double Gap = 56;
    private const double UnitHeight = 240;
    private const string Ink = "#1f2328";
    private const string Muted = "#59636e";
    private const string GridColor = "#e4e7eb";
    private const string FaintGrid = "#f2f4f6";

    /// <summary>The document.</summary>
    public string Render()
    {
        double height = Top + Panels.Sum(panel => panel.Weight * UnitHeight) + (Gap * (Panels.Count - 1)) + Bottom;
        var text = new StringBuilder();
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true };
        using (var svg = XmlWriter.Create(text, settings))
        {
            svg.WriteStartElement("svg", Namespace);
            svg.WriteAttributeString("viewBox", $"0 0 {Number(Width)} {Number(height)}");
            svg.WriteAttributeString("width", Number(Width));
            svg.WriteAttributeString("height", Number(height));
            svg.WriteAttributeString("role", "img");
            svg.WriteAttributeString("font-family", "system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif");
            svg.WriteAttributeString("font-size", "12");
            svg.WriteElementString("title", Namespace, Title);
            svg.WriteElementString("desc", Namespace, Subtitle);
            Element(svg, "rect", ("width", Number(Width)), ("height", Number(height)), ("fill", "#ffffff"));
            Text(svg, Title, Left, 30, Ink, ("font-size", "18"), ("font-weight", "600"));
            Text(svg, Subtitle, Left, 50, Muted);
            IEnumerable<Series> all = Panels.SelectMany(panel => panel.Series);
            var x = Axis.Linear(all.SelectMany(series => series.Points).Select(point => point.X), rounded: false);
            double top = Top;
            foreach (PlotPanel panel in Panels)
            {
                DrawPanel(svg, panel, x, top, panel.Weight * UnitHeight);
                top += (panel.Weight * UnitHeight) + Gap;
            }

            foreach (Tick tick in x.Ticks())
                Text(svg, tick.Label, Horizontal(x, tick.Value), top - Gap + 18, Muted, ("text-anchor", "middle"));
            Text(svg, XLabel, (Left + Width - Right) / 2, top - Gap + 40, Ink, ("text-anchor", "middle"));
            svg.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void DrawPanel(XmlWriter svg, PlotPanel panel, Axis x, double top, double height)
    {
        IEnumerable<double> values = panel.Series.SelectMany(series => series.Points).Select(point => point.Y);
        Axis y = panel.Logarithmic ? Axis.Logarithmic(values) : Axis.Linear(values);
        svg.WriteStartElement("g", Namespace);
        foreach (Tick tick in x.Ticks())
            Line(svg, (Horizontal(x, tick.Value), top), (Horizontal(x, tick.Value), top + height), FaintGrid);
        foreach (Tick tick in y.Ticks())
        {
            double at = Vertical(y, tick.Value, top, height);
            Line(svg, (Left, at), (Width - Right, at), tick.Label.Length > 0 ? GridColor : FaintGrid);
            if (tick.Label.Length > 0)
                Text(svg, tick.Label, Left - 8, at + 4, Muted, ("text-anchor", "end"));
        }

        foreach (double mark in panel.Marks)
        {
            double at = Horizontal(x, mark);
            Line(svg, (at, top), (at, top + height), Muted, ("stroke-dasharray", "2 4"));
        }

        foreach (Series series in panel.Series)
        {
            Element(
                svg, "path", ("d", PathData(series, x, y, top, height)), ("fill", "none"), ("stroke", series.Color),
                ("stroke-width", "1.8"), ("stroke-linejoin", "round"), ("stroke-linecap", "round"));
        }

        Line(svg, (Left, top + height), (Width - Right, top + height), Muted);
        Line(svg, (Left, top), (Left, top + height), Muted);
        Text(svg, panel.Title, Left, top - 10, Ink, ("font-weight", "600"));
        DrawLegend(svg, panel, top - 10);
        svg.WriteEndElement();
    }

    // Right-aligned on the title's line, where it hides no data.
    private static void DrawLegend(XmlWriter svg, PlotPanel panel, double baseline)
    {
        double right = Width - Right;
        foreach (Series series in panel.Series.Reverse())
        {
            Text(svg, series.Name, right, baseline, Ink, ("text-anchor", "end"));
            double lineEnd = right - (series.Name.Length * 6.8) - 6;
            Line(svg, (lineEnd - 20, baseline - 4), (lineEnd, baseline - 4), series.Color, ("stroke-width", "2.5"));
            right = lineEnd - 38;
        }
    }

    private static string PathData(Series series, Axis x, Axis y, double top, double height)
    {
        var path = new StringBuilder();
        bool drawing = false;
        foreach ((double pointX, double pointY) in series.Points)
        {
            bool finite = double.IsFinite(pointX) && double.IsFinite(pointY);
            if (finite)
            {
                path.Append(drawing ? 'L' : 'M').Append(Number(Horizontal(x, pointX)));
                path.Append(' ').Append(Number(Vertical(y, pointY, top, height)));
            }

            drawing = finite;
        }

        return path.ToString();
    }

    private static double Horizontal(Axis x, double value) => Left + (x.Position(value) * (Width - Right - Left));

    private static double Vertical(Axis y, double value, double top, double height) =>
        top + ((1 - y.Position(value)) * height);

    private static void Line(
        XmlWriter svg, (double X, double Y) from, (double X, double Y) to, string color,
        params (string, string)[] more) => Element(
            svg, "line",
            [
                ("x1", Number(from.X)), ("y1", Number(from.Y)), ("x2", Number(to.X)), ("y2", Number(to.Y)),
                ("stroke", color), .. more,
            ]);

    private static void Text(
        XmlWriter svg, string content, double x, double y, string color, params (string Name, string Value)[] more)
    {
        svg.WriteStartElement("text", Namespace);
        svg.WriteAttributeString("x", Number(x));
        svg.WriteAttributeString("y", Number(y));
        svg.WriteAttributeString("fill", color);
        foreach ((string name, string value) in more)
            svg.WriteAttributeString(name, value);
        svg.WriteString(content);
        svg.WriteEndElement();
    }

    private static void Element(XmlWriter svg, string element, params (string Name, string Value)[] attributes)
    {
        svg.WriteStartElement(element, Namespace);
        foreach ((string name, string value) in attributes)
            svg.WriteAttributeString(name, value);
        svg.WriteEndElement();
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
