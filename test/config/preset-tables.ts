/** What the documents behind the presets ask of gates and checklist, written down by hand from them (PR-5). */

/** One word per gate of the preset, and what its report must show. */
export const GATES: Record<string, Record<string, string>> = {
  // Standards: the pipeline's stages with their figures, the rules for artifacts and configuration, and those for staging:
  // a fifth of production's scale, and data that is a week old at most.
  'gold-standard': {
    build: 'passed',
    unit_tests: '100 % of tests',
    security_scan: 'critical 0, high 0',
    integration_tests: '95 % of tests',
    staging_deployed: 'passed',
    staging_smoke: 'passed',
    production_smoke: 'passed',
    artifact_version: 'passed',
    artifact_tag: 'passed',
    artifact_checksum: 'passed',
    artifact_signature: 'passed',
    artifact_scan: 'critical 0, high 0',
    configuration: 'passed',
    staging_parity: 'passed, for 7 days',
    staging_scale: 'at least 20 %, for 7 days',
    staging_data: 'passed, for 7 days',
    rollback_rehearsal: 'passed, for 30 days',
    capacity: 'passed, for 1 day',
  },
  // Procedures: all tests, 80 % of new code, nothing critical; then what its environment must be like.
  procedures: {
    build: 'passed',
    unit_tests: '100 % of tests',
    integration_tests: '100 % of tests',
    end_to_end_tests: '100 % of tests',
    coverage: 'at least 80 %',
    static_analysis: 'critical 0',
    security_scan: 'critical 0',
    performance_tests: 'passed',
    review: 'passed',
    environment_health: 'passed, for 1 day',
    capacity: 'passed, for 1 day',
    migrations_tested: 'passed',
    dependencies: 'passed, for 1 day',
    monitoring: 'passed, for 1 day',
    backup: 'passed, for 1 day',
    rollback_rehearsal: 'passed, for 30 days',
    load_tests: 'passed',
    disaster_recovery_tests: 'passed',
    api_health: 'passed',
    database_health: 'passed',
    integration_health: 'passed',
  },
  // Hand-off: all quality gates passed, low risk, and every critical metric monitored.
  'handoff-v1': {
    quality_gates: 'passed',
    security_scan: 'critical 0, high 0',
    performance_tests: 'passed',
    rollback_rehearsal: 'passed, for 30 days',
    health_checks: 'passed',
    monitoring_coverage: 'at least 100 %',
  },
  // Phase contract: production is validated for what it does, how fast and how safe.
  'phase-contract': {
    smoke_tests: 'passed',
    performance_validation: 'passed',
    security_validation: 'critical 0, high 0',
    staging_integration: 'passed',
    staging_performance: 'passed',
    staging_load: 'passed',
    staging_recovery: 'passed',
    monitoring_validation: 'passed',
  },
};

interface Needs {
  /** Before a start, by change type. */
  standard: string;
  normal: string;
  emergency: string;
  handOver: string;
}

const PIPELINE = 'build unit_tests security_scan integration_tests';
const GOLD = `${PIPELINE} staging_deployed staging_smoke artifact_version artifact_tag artifact_checksum artifact_signature artifact_scan configuration`;
const GOLD_EMERGENCY = 'build unit_tests security_scan artifact_version artifact_checksum artifact_signature';
const GOLD_PRODUCTION: Needs = {
  standard: GOLD,
  normal: GOLD,
  emergency: GOLD_EMERGENCY,
  handOver: 'production_smoke',
};
const TESTS = 'unit_tests integration_tests end_to_end_tests';
const PROCEDURES = `build ${TESTS} coverage static_analysis security_scan performance_tests review`;
const PROCEDURES_PRODUCTION: Needs = {
  standard: PROCEDURES,
  normal: PROCEDURES,
  emergency: 'build unit_tests security_scan',
  handOver: '',
};
const HANDOFF = all('quality_gates security_scan performance_tests');

/** Where it is the same for every kind of change. */
function all(gates: string): Needs {
  return { standard: gates, normal: gates, emergency: gates, handOver: '' };
}

/** By environment; those of the preset that are not here ask for none. */
export const NEEDS: Record<string, Record<string, Needs>> = {
  'gold-standard': {
    staging: all(PIPELINE),
    production: GOLD_PRODUCTION,
    disaster_recovery: GOLD_PRODUCTION,
  },
  procedures: {
    development: all(TESTS),
    staging: all(`build ${TESTS} static_analysis security_scan`),
    production: PROCEDURES_PRODUCTION,
    disaster_recovery: PROCEDURES_PRODUCTION,
  },
  'handoff-v1': { production: HANDOFF, disaster_recovery: HANDOFF },
  'phase-contract': {},
};

/** Group, what it comes before, what ticks it or who, which roles' tick counts (a choice), how long a tick counts, and what it is for: one line per item. */
export const ITEMS: Record<string, Record<string, string>> = {
  // Process 1.1 with its five groups; standards for staging; the change request of process 1.3.
  'gold-standard': {
    security_phase: 'prerequisites, ticked by security',
    tested_in_staging: 'prerequisites, by gate staging_smoke, ticked by tech_lead operations',
    staging_parity: 'prerequisites, by gate staging_parity, for 7 days, ticked by operations',
    staging_scale: 'prerequisites, by gate staging_scale, for 7 days, ticked by operations',
    staging_data: 'prerequisites, by gate staging_data, for 7 days, ticked by operations',
    rollback_rehearsed:
      'prerequisites, by gate rollback_rehearsal, for 30 days, ticked by operations tech_lead',
    artifacts_verified: 'artifacts, by gate build, ticked by tech_lead',
    checksums_recorded: 'artifacts, by gate artifact_checksum, ticked by tech_lead security',
    images_signed: 'artifacts, by gate artifact_signature, ticked by security',
    configuration_ready: 'artifacts, by gate configuration, ticked by operations',
    release_notes: 'documentation, ticked by tech_lead operations product_owner',
    deployment_runbook: 'documentation, ticked by tech_lead operations',
    rollback_runbook: 'documentation, ticked by tech_lead operations',
    architecture_documented: 'documentation, of infrastructure major_release, ticked by tech_lead',
    communication_plan: 'documentation',
    tech_lead_approval: 'approvals, by sign_off tech_lead',
    security_approval: 'approvals, by sign_off security',
    operations_approval: 'approvals, by sign_off operations',
    product_owner_approval: 'approvals, by sign_off product_owner',
    change_request: 'approvals, by change_request',
    capacity: 'environment, by gate capacity, for 1 day, ticked by operations',
    dashboards: 'environment, ticked by operations',
    alert_thresholds: 'environment, ticked by operations',
    on_call_named: 'environment, by on_call',
  },
  procedures: {
    architecture_review: 'prerequisites, of infrastructure major_release, ticked by tech_lead',
    security_review: 'prerequisites, of security, ticked by security',
    migration_review: 'prerequisites, of additive breaking data_migration, ticked by tech_lead operations',
    rollback_rehearsed:
      'prerequisites, by gate rollback_rehearsal, for 30 days, ticked by operations tech_lead',
    load_tested: 'prerequisites, by gate load_tests, ticked by operations tech_lead',
    recovery_tested: 'prerequisites, by gate disaster_recovery_tests, ticked by operations',
    user_acceptance: 'prerequisites, ticked by business_stakeholder product_owner tech_lead operations',
    security_configuration: 'prerequisites, ticked by security operations tech_lead',
    compliance_validated: 'prerequisites, ticked by security operations tech_lead',
    business_impact: 'prerequisites, ticked by product_owner business_stakeholder tech_lead operations',
    risks_assessed: 'prerequisites, ticked by tech_lead operations',
    artifacts_validated: 'artifacts, by gate build',
    configuration_ready: 'artifacts, ticked by operations tech_lead',
    secrets_ready: 'artifacts, ticked by operations',
    routing_ready: 'artifacts, ticked by operations',
    documentation_updated: 'documentation',
    communication_plan: 'documentation',
    emergency_contacts: 'documentation',
    window_announced: 'documentation',
    customers_told: 'documentation',
    tech_lead_approval: 'approvals, by sign_off tech_lead',
    product_owner_approval: 'approvals, by sign_off product_owner',
    security_approval: 'approvals, by sign_off security',
    operations_approval: 'approvals, by sign_off operations',
    business_approval: 'approvals, by sign_off business_stakeholder',
    final_approval: 'approvals, ticked by business_stakeholder product_owner tech_lead operations',
    environment_healthy: 'environment, by gate environment_health, for 1 day',
    capacity: 'environment, by gate capacity, for 1 day',
    migrations_tested: 'environment, by gate migrations_tested, of additive breaking data_migration',
    dependencies_up: 'environment, by gate dependencies, for 1 day',
    monitoring_up: 'environment, by gate monitoring, for 1 day',
    backup_done: 'environment, by gate backup, for 1 day',
    database_backup: 'environment, for 1 day, of additive breaking data_migration, ticked by operations',
    on_call_named: 'environment, by on_call',
    api_healthy: 'environment at the hand-over, by gate api_health, after 0 h',
    database_healthy: 'environment at the hand-over, by gate database_health, after 0 h',
    integrations_healthy: 'environment at the hand-over, by gate integration_health, after 0 h',
    sign_in_works: 'environment at the hand-over, after 0 h',
    processes_work: 'environment at the hand-over, after 0 h',
    resources_normal: 'environment at the hand-over, after 24 h, ticked by operations on_call',
    data_validated:
      'environment at the hand-over, after 0 h, of additive breaking data_migration, ticked by operations tech_lead',
    business_metrics_tracked: 'documentation at the hand-over, after 24 h',
    logs_reviewed: 'documentation at the hand-over, after 24 h, ticked by operations on_call tech_lead',
    feedback_collected: 'documentation at the hand-over, after 24 h',
    lessons_written: 'documentation at the hand-over, after 0 h',
  },
  // Dependencies and readiness for a rollback before it; success, observability and deliverables after it.
  'handoff-v1': {
    infrastructure_ready: 'environment, ticked by sre',
    access_ready: 'environment, ticked by sre',
    certificates_ready: 'environment, ticked by sre',
    database_ready: 'environment, ticked by sre',
    assets_ready: 'environment, ticked by sre',
    third_parties_ready: 'environment, ticked by sre',
    on_call_named: 'environment, by on_call',
    rollback_rehearsed: 'prerequisites, by gate rollback_rehearsal, for 30 days, ticked by sre',
    rollback_keeps_data: 'prerequisites, ticked by sre',
    configuration_versioned: 'artifacts',
    communication_plan: 'documentation',
    no_downtime: 'environment at the hand-over, after 0 h, ticked by sre on_call',
    healthy: 'environment at the hand-over, by gate health_checks',
    monitored: 'environment at the hand-over, by gate monitoring_coverage',
    application_monitored: 'environment at the hand-over, after 0 h, ticked by sre on_call',
    errors_tracked: 'environment at the hand-over, after 0 h, ticked by sre on_call',
    performance_monitored: 'environment at the hand-over, after 0 h, ticked by sre on_call',
    use_analysed: 'environment at the hand-over, after 0 h, ticked by sre on_call',
    security_monitored: 'environment at the hand-over, after 0 h, ticked by sre on_call',
    performance_holds: 'environment at the hand-over, after 0 h, ticked by sre on_call',
    no_vulnerability: 'environment at the hand-over, after 0 h, ticked by sre',
    accessible: 'environment at the hand-over, after 0 h',
    users_accept: 'approvals at the hand-over, after 24 h',
    validated_for_a_day: 'approvals at the hand-over, after 24 h, ticked by sre on_call',
    complete: 'approvals, ticked by sre',
    accurate: 'approvals at the hand-over, after 0 h, ticked by sre',
    consistent: 'approvals at the hand-over, after 0 h, ticked by sre',
    secure: 'approvals, by gate security_scan, ticked by sre',
    maintainable: 'approvals, ticked by sre',
    testable: 'approvals, ticked by sre',
    deployment_report: 'documentation at the hand-over',
    validation_results: 'documentation at the hand-over',
    dashboards: 'environment at the hand-over, ticked by sre',
    runbooks_updated: 'documentation at the hand-over, ticked by sre',
    deployment_guide: 'documentation at the hand-over',
    operations_guide: 'documentation at the hand-over',
    monitoring_guide: 'documentation at the hand-over',
    security_guide: 'documentation at the hand-over',
    incident_response: 'documentation at the hand-over, ticked by sre',
  },
  // Its five quality gates with who signs for them, its six deliverables, and the way back.
  'phase-contract': {
    staging_approval: 'approvals, by business_stakeholder',
    staging_integration: 'prerequisites, by gate staging_integration, ticked by operations',
    staging_acceptance: 'prerequisites, ticked by business_stakeholder',
    staging_performance: 'prerequisites, by gate staging_performance, ticked by operations',
    staging_load: 'prerequisites, by gate staging_load, ticked by operations',
    staging_recovery: 'prerequisites, by gate staging_recovery, ticked by operations',
    production_deployment: 'environment at the hand-over, by gate smoke_tests, after 0 h, by operations',
    performance_validation:
      'environment at the hand-over, by gate performance_validation, after 0 h, by operations',
    security_validation: 'environment at the hand-over, by gate security_validation, after 0 h, by security',
    monitoring_validation:
      'environment at the hand-over, by gate monitoring_validation, after 0 h, ticked by operations',
    user_acceptance: 'approvals at the hand-over, after 0 h, ticked by business_stakeholder',
    team_trained: 'documentation at the hand-over, ticked by operations project_sponsor',
    handover_completion: 'approvals at the hand-over, after 0 h, by operations project_sponsor',
    infrastructure_delivered: 'artifacts, ticked by operations',
    scripts_delivered: 'artifacts, ticked by operations',
    documentation_delivered: 'documentation, ticked by operations',
    handover_package: 'documentation at the hand-over, ticked by operations project_sponsor',
    completion_report: 'documentation at the hand-over, ticked by project_sponsor operations',
    phase_report: 'documentation at the hand-over, ticked by project_sponsor operations',
    rollback_tested: 'prerequisites, ticked by operations',
    on_call_named: 'environment, by on_call',
  },
};

/** Items per group, in the order of the groups; by deployment type in the order of `DEPLOYMENT_TYPES`. */
type Columns = [string, string, string, string, string, string];

interface Counts {
  /** Environments with a checklist. */
  where: string[];
  standard: Columns;
  normal: Columns;
  emergency: Columns;
  /** More of each group where the database changes. */
  database: string;
  handOver: string;
  /** More of those where the database changes; none unless said. */
  databaseLater?: string;
  /** Change types whose open items are waited for, and those that need a change request. */
  waits: string;
  changeRequest: string;
}

const same = (counts: string): Columns => [counts, counts, counts, counts, counts, counts];
const PROCEDURES_COUNTS: Columns = [
  '8 4 5 3 6',
  '8 4 5 2 6',
  '9 4 5 3 6',
  '8 4 5 3 6',
  '9 4 5 2 6',
  '9 4 5 4 6',
];

export const COUNTS: Record<string, Counts> = {
  'gold-standard': {
    where: ['production', 'disaster_recovery'],
    // Nobody signs for a standard change; three do for the others, and the product owner for a major release.
    // What changed of the architecture is written down where a deployment type changes it.
    standard: ['6 4 4 0 4', '6 4 4 0 4', '6 4 4 0 4', '6 4 4 0 4', '6 4 5 0 4', '6 4 5 0 4'],
    normal: ['6 4 4 4 4', '6 4 4 4 4', '6 4 4 4 4', '6 4 4 4 4', '6 4 5 4 4', '6 4 5 5 4'],
    emergency: ['6 4 4 3 4', '6 4 4 3 4', '6 4 4 3 4', '6 4 4 3 4', '6 4 5 3 4', '6 4 5 4 4'],
    database: '0 0 0 0 0',
    handOver: '0 0 0 0 0',
    waits: 'standard normal',
    changeRequest: 'normal',
  },
  procedures: {
    where: ['production', 'disaster_recovery'],
    standard: PROCEDURES_COUNTS,
    normal: PROCEDURES_COUNTS,
    emergency: PROCEDURES_COUNTS,
    database: '1 0 0 0 2',
    databaseLater: '0 0 0 0 1',
    handOver: '0 0 4 0 6',
    waits: 'standard normal',
    changeRequest: '',
  },
  'handoff-v1': {
    where: ['production', 'disaster_recovery'],
    standard: same('2 1 1 4 7'),
    normal: same('2 1 1 4 7'),
    emergency: same('2 1 1 4 7'),
    database: '0 0 0 0 0',
    handOver: '0 0 8 4 12',
    waits: 'standard normal emergency',
    changeRequest: '',
  },
  'phase-contract': {
    where: ['production'],
    standard: same('6 2 1 1 1'),
    normal: same('6 2 1 1 1'),
    emergency: same('6 2 1 1 1'),
    database: '0 0 0 0 0',
    handOver: '0 0 4 2 4',
    waits: 'standard normal emergency',
    changeRequest: '',
  },
};
