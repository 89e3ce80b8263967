package dev.kittiwake.pd.schedule;

import java.util.OptionalLong;

/** Fresh ids for replicas. */
@FunctionalInterface
public interface IdSource {
  /** None while the next block of ids is on its way. */
  OptionalLong next();
}
