/**
 * Where replicas and leaders belong: decisions, and how they are carried out.
 *
 * <p>{@link dev.kittiwake.pd.schedule.ScheduleCluster} is the cluster as it is known now; every
 * report changes it a little, nothing is counted afresh. A {@link
 * dev.kittiwake.pd.schedule.Checker} looks at one region, a {@link
 * dev.kittiwake.pd.schedule.Scheduler} at the whole cluster; both see it as a {@link
 * dev.kittiwake.pd.schedule.ClusterView} and answer a {@link dev.kittiwake.pd.schedule.Decision}:
 * {@link dev.kittiwake.pd.schedule.Operator}s or none, and always the reasons: candidates, filters,
 * scores. One policy or filter is one file.
 *
 * <p>An operator is a list of {@link dev.kittiwake.pd.schedule.OperatorStep}s; {@link
 * dev.kittiwake.pd.schedule.OperatorController} sends the current step with a region's heartbeat
 * until a later heartbeat shows its effect. A step that was lost is simply sent again. {@link
 * dev.kittiwake.pd.schedule.Coordinator} lets them all work: checkers on news and on patrol,
 * schedulers in their own time. {@link dev.kittiwake.pd.schedule.Why} asks them without letting
 * them do anything.
 *
 * <p>No clock, thread or I/O here: time, chance and ids come in, operators and messages come out.
 */
package dev.kittiwake.pd.schedule;
