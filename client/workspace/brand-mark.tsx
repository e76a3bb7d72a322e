/** The doorway of the icon, in the colours of the page. */
export function BrandMark({ size = 40 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" stroke-width="2.4" stroke-linecap="round">
        <path d="M9 24V10.5A1.5 1.5 0 0 1 10.5 9h11a1.5 1.5 0 0 1 1.5 1.5V24" opacity="0.75" />
        <path d="M6 24h20" />
      </g>
      <path d="M13 24v-7.5a3 3 0 0 1 6 0V24" fill="var(--on-accent)" opacity="0.9" />
    </svg>
  );
}
