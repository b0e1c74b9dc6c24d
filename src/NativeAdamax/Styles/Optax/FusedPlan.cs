using NativeAdamax.Dialects;

namespace NativeAdamax.Styles.Optax;

/// <summary>A row of links as one pass: what is before the moments and after them, folded into their recipe.</summary>
internal sealed class FusedPlan
{
    private int _globalNorm = -1;
    private int _clip = -1;
    private int _decay = -1;
    private int _moments = -1;
    private readonly GradientTransformation[] _links;

    private FusedPlan(GradientTransformation[] links) => _links = links;

    /// <summary>Null: the order is one that the kernels do not have.</summary>
    public static FusedPlan? TryCreate(GradientTransformation[] links)
    {
        FusedPlan plan = new(links);
        for (int i = 0; i < links.Length; i++)
        {
            if (!plan.Take(i))
                return null;
        }

        return plan._moments >= 0 ? plan : null;
    }

    /// <summary>Runs all links, and puts their next states in the place of the last ones.</summary>
    public Tree Run(Tree updates, List<TransformState> states, Tree? parameters)
    {
        var moments = (ScaleByMoments)_links[_moments];
        Recipe recipe = moments.Recipe;
        if (_clip >= 0)
            recipe = recipe with { ClipValue = ((Clip)_links[_clip]).Most };
        bool[]? decays = null;
        if (_decay >= 0)
        {
            var link = (AddDecayedWeights)_links[_decay];
            AddDecayedWeights.Require(parameters);
            (double decay, states[_decay]) = link.Next(states[_decay]);
            decays = link.Decays(updates);
            WeightDecayForm form = _decay < _moments ? WeightDecayForm.Coupled : WeightDecayForm.Decoupled;
            recipe = recipe with { WeightDecay = decay, DecayForm = form };
        }

        double rate = -1;
        for (int i = _moments + 1; i < _links.Length; i++)
        {
            if (_links[i] is not ScalarLink link)
                continue;
            (double factor, states[i]) = link.Factor(states[i]);
            rate *= factor;
        }

        var norm = _globalNorm >= 0 ? (ClipByGlobalNorm)_links[_globalNorm] : null;
        (Tree changes, states[_moments]) =
            ScaleByMoments.Run(recipe, moments.RoundsMu, updates, states[_moments], parameters, rate, norm, decays);
        return changes;
    }

    /// <summary>Whether a link fits behind those before it.</summary>
    private bool Take(int i)
    {
        bool before = _moments < 0, beforeDecay = before && _decay < 0;
        switch (_links[i])
        {
            case ClipByGlobalNorm when beforeDecay && _clip < 0 && _globalNorm < 0:
                _globalNorm = i;
                return true;
            case Clip when beforeDecay && _clip < 0:
                _clip = i;
                return true;
            case AddDecayedWeights when _decay < 0 && (before || i == _moments + 1):
                _decay = i;
                return true;
            case ScaleByMoments when before:
                _moments = i;
                return true;
            default:
                return !before && _links[i] is ScalarLink;
        }
    }
}
