package dev.kittiwake.pd.placement;

/**
 * Rules that belong together.
 *
 * @param index order of the groups
 * @param override takes the place of earlier groups where it has rules
 */
public record RuleGroup(String id, int index, boolean override) {
  public RuleGroup {
    if (id.isBlank()) {
      throw new IllegalArgumentException("a rule group needs an id");
    }
  }
}
