using System.Globalization;
using System.Xml.Linq;
using NativeAdamax.Demo.Plotting;
using NativeAdamax.Demo.Terminals;

namespace NativeAdamax.Tests.Demo;

public class PlottingTests
{
    private static readonly (double X, double Y)[] Line = [(0, 1), (1, 0.25), (2, 0.01)];

    [Fact]
    public void Names_with_markup_characters_stay_text()
    {
        XElement svg = Render("a < b & \"c\"", [Line], logarithmic: false);

        Assert.Equal("a < b & \"c\"", svg.Element(svg.Name.Namespace + "title")!.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_point_lies_on_the_page_whatever_the_values(bool logarithmic)
    {
        (double, double)[][] lines =
        [
            Line,
            [],
            [(0, double.NaN), (1, double.PositiveInfinity), (2, 3), (3, double.NegativeInfinity)],
            [(0, 5), (1, 5), (2, 5)],
            [(4, 0), (5, -1e300), (6, 1e300)],
            [(1, 1e-320)],
        ];

        foreach ((double, double)[] line in lines)
            AssertInside(Render("title", [line], logarithmic));
        AssertInside(Render("title", lines, logarithmic));
    }

    [Fact]
    public void A_point_that_is_not_finite_interrupts_its_line()
    {
        XElement svg = Render("title", [[(0, 1), (1, 2), (2, double.NaN), (3, 2), (4, 1)]], logarithmic: false);

        string path = svg.Descendants(svg.Name.Namespace + "path").Single().Attribute("d")!.Value;
        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(2, path.Count(c => c == 'L'));
    }

    [Theory]
    [InlineData(0, 10, "0 2 4 6 8 10")]
    [InlineData(81.7, 100, "80 85 90 95 100")]
    [InlineData(-12, 7, "-15 -10 -5 0 5 10")]
    [InlineData(0.013, 0.041, "0.01 0.02 0.03 0.04 0.05")]
    public void A_linear_axis_has_round_ticks_around_its_values(double low, double high, string labels)
    {
        var axis = Axis.Linear([low, high]);

        Assert.Equal(labels, string.Join(' ', axis.Ticks().Select(tick => tick.Label)));
        Assert.InRange(axis.Position(low), 0, 1);
        Assert.InRange(axis.Position(high), 0, 1);
    }

    [Fact]
    public void A_logarithmic_axis_labels_its_decades()
    {
        var axis = Axis.Logarithmic([0.0123, 3.4]);

        Assert.Equal(["0.01", "0.1", "1"], axis.Ticks().Select(tick => tick.Label).Where(label => label.Length > 0));
        Assert.Equal(0.01, axis.Low, 1e-12);
        Assert.Equal(5, axis.High, 1e-12);
    }

    [Fact]
    public void A_plot_that_fails_leaves_the_older_one_and_nothing_else()
    {
        string folder = Directory.CreateTempSubdirectory("plot-").FullName;
        try
        {
            string path = Path.Combine(folder, "p.svg");
            var file = PlotFile.Prepare(path);
            file.Write("old");
            Assert.Throws<System.Text.EncoderFallbackException>(() => file.Write("half \ud800"));
            Assert.Equal("old", File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFiles(folder));
            Assert.Throws<IOException>(() => PlotFile.Prepare(folder));
            Assert.Throws<IOException>(() => PlotFile.Prepare(Path.Combine(path, "below-a-file.svg")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_sparkline_falls_with_its_values_and_fits_its_width()
    {
        Assert.Equal("█▄▁", Sparkline.Of([100, 10, 1], 10));
        Assert.Equal("█ ▁", Sparkline.Of([2, double.NaN, 1], 10));
        Assert.Equal(4, Sparkline.Of([.. Enumerable.Range(1, 100).Select(i => (double)i)], 4).Length);
        Assert.Empty(Sparkline.Of([], 4));
    }

    private static XElement Render(string title, (double X, double Y)[][] lines, bool logarithmic)
    {
        Series[] series = [.. lines.Select((line, i) => new Series($"line <{i}>", Series.Blue, line))];
        var panel = new PlotPanel("y", series) { Logarithmic = logarithmic, Marks = [1] };
        var chart = new SvgChart(title, "sub & title", "x", [panel]);
        return XDocument.Parse(chart.Render()).Root!;
    }

    private static void AssertInside(XElement svg)
    {
        string[] viewBox = svg.Attribute("viewBox")!.Value.Split(' ');
        double[] box = Array.ConvertAll(viewBox, text => double.Parse(text, CultureInfo.InvariantCulture));
        foreach (XElement path in svg.Descendants(svg.Name.Namespace + "path"))
        {
            string[] numbers = path.Attribute("d")!.Value.Split(['M', 'L', ' '], StringSplitOptions.RemoveEmptyEntries);
            for (int i = 0; i < numbers.Length; i += 2)
            {
                Assert.InRange(double.Parse(numbers[i], CultureInfo.InvariantCulture), 0, box[2]);
                Assert.InRange(double.Parse(numbers[i + 1], CultureInfo.InvariantCulture), 0, box[3]);
            }
        }
    }
}
