/**
 * Where replicas and leaders belong: decisions, and how they are carried out.
 *
 * <p>A {@link dev.kittiwake.pd.schedule.Checker} looks at one region, a {@link
 * dev.kittiwake.pd.schedule.Scheduler} at the whole cluster; both see a {@link
 * dev.kittiwake.pd.schedule.ClusterView} and answer a {@link dev.kittiwake.pd.schedule.Decision}:
 * an {@link dev.kittiwake.pd.schedule.Operator} or none, and always the reasons: candidates,
 * filters, scores. An operator is a list of {@link dev.kittiwake.pd.schedule.OperatorStep}s; {@link
 * dev.kittiwake.pd.schedule.OperatorController} sends the current step with a region's heartbeat
 * until a later heartbeat shows its effect. A step that was lost is simply sent again.
 *
 * <p>No clock, thread or I/O here: time and ids come in, operators and messages come out. Only the
 * controller keeps state.
 */
package dev.kittiwake.pd.schedule;
