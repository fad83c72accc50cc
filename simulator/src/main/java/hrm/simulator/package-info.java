/**
 * Seeded people and recordings: what the demo, tests and benchmarks send through the system. Start
 * with {@link hrm.simulator.Simulation}, then {@link hrm.simulator.DemoDay}.
 */
package hrm.simulator;
