using NativeAdamax.Schedules;

namespace NativeAdamax.Demo.Gallery;

/// <summary>A line of the gallery.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Schedule">Whose line it is; null: no schedule's.</param>
/// <param name="Values">One a count, from 0 on.</param>
internal sealed record Exhibit(string Name, Schedule? Schedule, IReadOnlyList<double> Values);

/// <summary>Exhibits of one frame.</summary>
/// <param name="Title">Whose they are, and what they have in common.</param>
/// <param name="Exhibits">In the order of the legend.</param>
internal sealed record Room(string Title, IReadOnlyList<Exhibit> Exhibits);
