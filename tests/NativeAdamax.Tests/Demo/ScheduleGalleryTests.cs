using NativeAdamax.Demo.Gallery;
using NativeAdamax.Schedules;

namespace NativeAdamax.Tests.Demo;

public class ScheduleGalleryTests
{
    [Fact]
    public void Every_schedule_of_the_library_is_drawn()
    {
        Type[] all = [.. typeof(Schedule).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Schedule)) && !type.IsAbstract)];
        IEnumerable<Type?> drawn = ScheduleGallery.Of(120)
            .SelectMany(room => room.Exhibits).Select(exhibit => exhibit.Schedule?.GetType());

        Assert.NotEmpty(all);
        Assert.Empty(all.Except(drawn));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(121)]
    public void Every_line_has_a_finite_value_at_each_count(int steps)
    {
        foreach (Exhibit exhibit in ScheduleGallery.Of(steps).SelectMany(room => room.Exhibits))
        {
            Assert.Equal(steps + 1, exhibit.Values.Count);
            Assert.All(exhibit.Values, value => Assert.InRange(value, 0, 1.01));
        }
    }
}
