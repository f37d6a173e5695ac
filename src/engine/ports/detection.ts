/** How a campaign listens to whoever picks up, as doors read and show it. */
export { type DetectionPlan, detectionPlanSchema } from '../../dialer/amd-policy.ts';
