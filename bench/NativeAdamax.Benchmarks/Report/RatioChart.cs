using System.Globalization;
using System.Text;
using System.Xml;
using NativeAdamax.Benchmarks.Measurement;

namespace NativeAdamax.Benchmarks.Report;

/// <summary>An SVG: how many times as long as the roof a step takes, by size, a line for each backend.</summary>
internal static class RatioChart
{
    private const double Width = 760;
    private const double Height = 420;
    private const double Left = 64;
    private const double Right = 150;
    private const double Top = 72;
    private const double Bottom = 56;
    private const string Namespace = "http://www.w3.org/2000/svg";
    private static readonly string[] Colors = ["#0550ae", "#1a7f37", "#bc4c00", "#8250df", "#57606a"];
    private static readonly double[] Ticks = [0.5, 1, 2, 4, 8, 16, 32];

    public static string Render(IReadOnlyList<RoofRow> rows, string title, string machine)
    {
        int[] sizes = [.. rows.Select(r => r.Elements).Distinct().Order()];
        double most = Ticks.First(t => t >= rows.Max(r => r.Ratio) || t == Ticks[^1]);
        double least = rows.Min(r => r.Ratio) < 0.9 ? 0.5 : 0.9;
        double X(int size) =>
            Left + (Width - Left - Right) * Array.IndexOf(sizes, size) / Math.Max(1, sizes.Length - 1);
        double Y(double ratio) =>
            Top + (Height - Top - Bottom) * (1 - Math.Log(ratio / least) / Math.Log(most / least));

        var text = new StringBuilder();
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true };
        using (var svg = XmlWriter.Create(text, settings))
        {
            svg.WriteStartElement("svg", Namespace);
            svg.WriteAttributeString("viewBox", $"0 0 {Number(Width)} {Number(Height)}");
            svg.WriteAttributeString("font-family", "system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif");
            svg.WriteAttributeString("font-size", "12");
            svg.WriteAttributeString("role", "img");
            svg.WriteElementString("title", Namespace, title);
            Element(svg, "rect", ("width", Number(Width)), ("height", Number(Height)), ("fill", "#ffffff"));
            Text(svg, title, Left, 28, ("font-size", "16"), ("font-weight", "600"));
            Text(svg, machine, Left, 48, ("fill", "#59636e"));
            foreach (double tick in Ticks.Where(t => t >= least && t <= most))
            {
                Line(svg, Left, Y(tick), Width - Right, Y(tick), tick == 1 ? "#1f2328" : "#e4e7eb");
                Text(svg, tick == 1 ? "roof" : $"x {Number(tick)}", Left - 8, Y(tick) + 4, ("text-anchor", "end"));
            }

            foreach (int size in sizes)
                Text(svg, MarkdownTable.Size(size), X(size), Height - Bottom + 20, ("text-anchor", "middle"));
            Text(svg, "parameters", (Left + Width - Right) / 2, Height - 14, ("text-anchor", "middle"));
            Lines(svg, rows, X, Y);
            svg.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void Lines(XmlWriter svg, IReadOnlyList<RoofRow> rows, Func<int, double> x, Func<double, double> y)
    {
        int color = 0;
        double labelAbove = double.NegativeInfinity;
        foreach (IGrouping<string, RoofRow> line in rows.GroupBy(r => r.Backend).OrderByDescending(g => g.Last().Ratio))
        {
            string stroke = Colors[color++ % Colors.Length];
            string points = string.Join(' ', line.Select(r => $"{Number(x(r.Elements))},{Number(y(r.Ratio))}"));
            Element(svg, "polyline", ("points", points), ("fill", "none"), ("stroke", stroke), ("stroke-width", "2"));
            RoofRow last = line.Last();
            double label = Math.Max(y(last.Ratio) + 4, labelAbove + 16);
            labelAbove = label;
            Text(svg, line.Key, x(last.Elements) + 8, label, ("fill", stroke));
        }
    }

    private static void Line(XmlWriter svg, double x1, double y1, double x2, double y2, string stroke) => Element(
        svg, "line", ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)), ("stroke", stroke));

    private static void Text(XmlWriter svg, string text, double x, double y, params (string, string)[] attributes)
    {
        svg.WriteStartElement("text", Namespace);
        Attributes(svg, [("x", Number(x)), ("y", Number(y)), .. attributes]);
        svg.WriteString(text);
        svg.WriteEndElement();
    }

    private static void Element(XmlWriter svg, string name, params (string, string)[] attributes)
    {
        svg.WriteStartElement(name, Namespace);
        Attributes(svg, attributes);
        svg.WriteEndElement();
    }

    private static void Attributes(XmlWriter svg, (string Name, string Value)[] attributes)
    {
        foreach ((string name, string value) in attributes)
            svg.WriteAttributeString(name, value);
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
