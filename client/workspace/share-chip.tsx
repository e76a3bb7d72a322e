import { AppWindow, MonitorUp } from 'lucide-preact';
import type { ShareView } from '../../protocol/sharing.ts';
import { Chip } from '../ui/chip.tsx';
import { sayRequest } from './share-request-texts.ts';

/** The mark of a share in the list. Amber: something is shown, or asked for. */
export function ShareChip({ share: { kind, phase } }: { share: ShareView }) {
  const icon = kind === 'screen' ? <MonitorUp size={12} /> : <AppWindow size={12} />;
  return (
    <Chip tone={phase === 'paused' ? 'plain' : 'warn'}>
      {icon}
      {toWords(kind, phase)}
    </Chip>
  );
}

function toWords(kind: ShareView['kind'], phase: ShareView['phase']): string {
  if (phase === 'asked') return sayRequest('chipAsked');
  if (phase === 'paused') return sayRequest('chipPaused');
  return sayRequest(kind === 'screen' ? 'chipScreen' : 'chipPage');
}
