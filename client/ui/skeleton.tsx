import styles from './skeleton.module.css';

export interface SkeletonProps {
  /** CSS lengths of what will stand here, so that nothing jumps when it comes. */
  width?: string;
  height?: string;
  radius?: string;
}

/** The place of something that is still loading; put `aria-busy` on the region around it. */
export function Skeleton({ width, height, radius }: SkeletonProps) {
  return (
    <span
      class={styles.skeleton}
      aria-hidden="true"
      style={{
        ...(width === undefined ? {} : { width }),
        ...(height === undefined ? {} : { height }),
        ...(radius === undefined ? {} : { borderRadius: radius }),
      }}
    />
  );
}
